"""Week 7: compare the error of the champion with the new data."""
import argparse
import json

import mlflow
from mlflow.tracking import MlflowClient

from common.features import months_between, read_month
from common.model import score
from registry.promote import MODEL


def training_months(run):
    value = run.data.tags.get("train_window")
    if not value:
        return []
    start, _, end = value.partition("..")
    return months_between(start, end or start)


def reference_run(month, experiment="bikes-alice"):
    exp = mlflow.get_experiment_by_name(experiment)
    query = " and ".join(["tags.train_month='%s'" % month, "status='FINISHED'"])
    df = mlflow.search_runs([exp.experiment_id], query, max_results=1, order_by=["attributes.start_time desc"])
    if df.shape[0] == 0:
        return None
    return mlflow.get_run(df.run_id[0])


def history(experiment):
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    token, out = None, []
    while True:
        page = client.search_runs([exp.experiment_id], max_results=200, page_token=token)
        out.extend((r.info.start_time, r.data.metrics.get("live_mae")) for r in page)
        token = page.token
        if not token:
            return sorted(out)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--month", required=True)
    ap.add_argument("--limit", type=float, default=1.2)
    month, limit = (lambda a: (a.month, a.limit))(ap.parse_args())
    ref = reference_run(month)
    if ref is None:
        raise SystemExit(f"no reference for {month}")
    if month in training_months(ref):
        print("warning: the month was used for training")
    model = mlflow.pyfunc.load_model(f"models:/{MODEL}@champion")
    live = score(model, read_month(month))
    ratio = live / ref.data.metrics["val_mae"]
    mlflow.set_experiment("bikes-monitoring")
    with mlflow.start_run(run_name=f"monitor-{month}"):
        mlflow.log_metrics({"live_mae": live, "ratio": ratio})
        mlflow.log_dict({"reference": ref.info.run_id, "month": month}, "report.json")
    print(json.dumps({"live": live, "ratio": ratio, "alarm": ratio > limit, "points": len(history("bikes-monitoring"))}))


if __name__ == "__main__":
    main()
