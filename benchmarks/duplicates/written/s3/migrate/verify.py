"""Compares old and new run by run."""
import math
import sys

import mlflow
from mlflow import MlflowClient

OLD_URI, NEW_URI = "https://mlflow-old.reco.example", "https://mlflow.reco.example"


def counterpart(old_id, exp_name):
    mlflow.set_tracking_uri(NEW_URI)
    df = mlflow.search_runs(experiment_names=[exp_name], filter_string="tags.migrated_from != ''")
    if "tags.migrated_from" not in df.columns:
        return None
    df = df[df["tags.migrated_from"] == old_id]
    return None if df.empty else mlflow.get_run(df.run_id.iloc[0])


def origin(new_run):
    old_id = new_run.data.tags.get("migrated_from")
    return MlflowClient(OLD_URI).get_run(old_id) if old_id else None


def differences(a, b):
    for k in sorted(set(a.data.params) | set(b.data.params)):
        if a.data.params.get(k) != b.data.params.get(k):
            yield f"param {k}"
    for k in sorted(set(a.data.metrics) | set(b.data.metrics)):
        x, y = a.data.metrics.get(k, math.nan), b.data.metrics.get(k, math.nan)
        if not (math.isclose(x, y) or (math.isnan(x) and math.isnan(y))):
            yield f"metric {k}: {x} / {y}"


def main(exp_name):
    old = MlflowClient(OLD_URI)
    exp = old.get_experiment_by_name(exp_name)
    bad = 0
    for run in old.search_runs([exp.experiment_id], max_results=5000):
        new = counterpart(run.info.run_id, exp_name)
        if new is None:
            print("missing", run.info.run_id)
            bad += 1
            continue
        for d in differences(run, new):
            print(run.info.run_id, d)
            bad += 1
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) > 0)
