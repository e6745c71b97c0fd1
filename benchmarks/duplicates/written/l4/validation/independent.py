"""Second line validation. Opens its own run and never writes to the one it validates."""
import argparse

import mlflow
from mlflow.tracking import MlflowClient

from risk.data import snapshot
from risk.metrics import gini, ks, psi
from tracking.experiments import experiment_for
from tracking.roles import champion_of


def best_challenger(segment, model):
    eid = experiment_for(segment, model)
    runs = MlflowClient().search_runs(
        experiment_ids=[eid],
        filter_string="tags.`risk.role` = 'challenger' AND metrics.gini_val > 0",
        order_by=["metrics.gini_val DESC"],
        max_results=1,
    )
    return next(iter(runs), None)


def validate(run, dataset, day, dev_day):
    model = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
    X, y = snapshot(dataset, day)
    X0, _ = snapshot(dataset, dev_day)
    p = model.predict_proba(X)[:, 1]
    res = {"gini_oot": gini(y, p), "ks_oot": ks(y, p), "psi": psi(model.predict_proba(X0)[:, 1], p)}
    tags = {"risk.validates": run.info.run_id, "risk.line": "2", "lineage.snapshot": day}
    with mlflow.start_run(experiment_id=run.info.experiment_id, run_name=f"validation-{day}", tags=tags):
        mlflow.log_metrics(res)
    return res


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("segment")
    ap.add_argument("model")
    ap.add_argument("dataset")
    ap.add_argument("day")
    ap.add_argument("dev_day")
    a = ap.parse_args()
    ch = best_challenger(a.segment, a.model)
    cp = champion_of(a.segment, a.model)
    for label, run in (("challenger", ch), ("champion", cp)):
        if run is not None:
            print(label, validate(run, a.dataset, a.day, a.dev_day))


if __name__ == "__main__":
    main()
