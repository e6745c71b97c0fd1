"""Collects all experiments into one long table."""
import re
import sys

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

EXPERIMENTS = ["svm", "forest", "knn", "mlp", "stack", "gp"]


def experiment_id(short):
    exp = mlflow.get_experiment_by_name(f"tabsuite/{short}")
    if exp is None:
        raise SystemExit(f"tabsuite/{short} is missing")
    return exp.experiment_id


def all_runs(short):
    client = MlflowClient()
    token = None
    while True:
        page = client.search_runs([experiment_id(short)], "attributes.status = 'FINISHED'", page_token=token)
        for run in page:
            if "mlflow.parentRunId" not in run.data.tags:
                yield run
        token = page.token
        if not token:
            return


def cv(run):
    m = re.match(r"(\d+)(?:x(\d+))?$", run.data.tags.get("cv_scheme", "5x1"))
    return int(m.group(1)), int(m.group(2) or 1)


def parent_dataset(client, fold_run):
    parent = client.get_run(fold_run.data.tags["mlflow.parentRunId"])
    return parent.data.params["dataset"]


def table():
    rows = []
    for short in EXPERIMENTS:
        for run in all_runs(short):
            folds, repeats = cv(run)
            rows.append({
                "experiment": short,
                "dataset": run.data.params["dataset"],
                "algorithm": run.data.params["algorithm"],
                "seed": int(run.data.params["seed"]),
                "fits": folds * repeats,
                "f1": run.data.metrics.get("f1_macro"),
                "student": run.data.tags.get("student", "?"),
            })
    return pd.DataFrame(rows)


if __name__ == "__main__":
    t = table()
    t.to_csv(sys.argv[1] if len(sys.argv) > 1 else "results.csv", index=False)
    print(t.groupby(["dataset", "algorithm"])["f1"].agg(["mean", "std", "count"]).round(3))
