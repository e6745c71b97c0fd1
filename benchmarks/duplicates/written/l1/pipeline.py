import argparse
import time

import mlflow
from mlflow.tracking import MlflowClient

from src import config, features
from src.data import load_train
from src.models import train_lgbm, train_ridge
from src.submit import predict, write


def parse():
    ap = argparse.ArgumentParser()
    ap.add_argument("--model", choices=["lgbm", "ridge"], default="lgbm")
    ap.add_argument("--submit", action="store_true")
    ap.add_argument("--best", action="store_true", help="print the best run and stop")
    ap.add_argument("--experiment", default=config.EXPERIMENT)
    return ap.parse_args()


def main():
    a = parse()
    client = MlflowClient()
    experiment = client.get_experiment_by_name(a.experiment)
    if experiment:
        exp_id = experiment.experiment_id
    else:
        exp_id = client.create_experiment(a.experiment)
        print("created", a.experiment)

    if a.best:
        runs = mlflow.search_runs([exp_id])
        runs = runs.dropna(subset=["metrics.cv_rmsle"])
        if runs.empty:
            print("nothing yet")
            return
        best = runs.sort_values("metrics.cv_rmsle").iloc[0]
        print(best["run_id"], best["metrics.cv_rmsle"], best.get("tags.family"))
        return

    t0 = time.time()
    df = features.make(load_train()).reset_index(drop=True)
    feats = [c for c in df.columns if c not in ("id", "date", config.TARGET)]
    if a.submit:
        print(write(predict(a.model, feats), a.model))
        return
    if a.model == "lgbm":
        rid, _, scores = train_lgbm(df, feats)
        print(rid, scores)
    else:
        print("alpha", train_ridge(df, feats))
    print("took", round(time.time() - t0), "s")


if __name__ == "__main__":
    main()
