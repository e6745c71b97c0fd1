import sys

import mlflow
import pandas as pd

import config as C

mlflow.set_tracking_uri("http://127.0.0.1:5000")


def table():
    df = mlflow.search_runs(
        experiment_names=[C.EXPERIMENT],
        filter_string="metrics.cv_rmsle > 0",
        order_by=["metrics.cv_rmsle ASC"],
    )
    keep = ["run_id", "tags.family", "tags.features", "metrics.cv_rmsle", "metrics.cv_std", "start_time"]
    return df[[c for c in keep if c in df]]


def drop_failed():
    bad = mlflow.search_runs(
        experiment_names=[C.EXPERIMENT, C.ADV_EXPERIMENT], filter_string="attributes.status = 'FAILED'"
    )
    for rid in bad["run_id"]:
        mlflow.delete_run(rid)
    return len(bad)


if __name__ == "__main__":
    if "--clean" in sys.argv:
        print("deleted", drop_failed())
    with pd.option_context("display.width", 160):
        print(table().head(30).to_string())
