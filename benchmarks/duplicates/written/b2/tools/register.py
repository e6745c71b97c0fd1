"""Register the newest training run as a model version."""
import argparse
import os

import mlflow
from mlflow.tracking import MlflowClient


def newest_training(name):
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        return None
    table = mlflow.search_runs([exp.experiment_id], filter_string="status = 'FINISHED'", order_by=["end_time DESC"])
    if table.shape[0] == 0:
        return None
    return mlflow.get_run(table["run_id"].values[0])


def asset(run):
    tag = run.data.tags["docclass.data_asset"] if "docclass.data_asset" in run.data.tags else ""
    parts = tag.rsplit(":", 1)
    if len(parts) != 2:
        raise SystemExit("run has no data asset")
    return parts[0], parts[1]


def make_version(name, run):
    client = MlflowClient()
    version = client.create_model_version(name, f"runs:/{run.info.run_id}/model", run.info.run_id)
    client.set_model_version_tag(name, version.version, "commit", os.environ.get("BUILD_SOURCEVERSION", ""))
    return version.version


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--experiment", default="docclass")
    ap.add_argument("--name", default="document-classifier")
    ns = ap.parse_args()
    run = newest_training(ns.experiment)
    if run is None:
        raise SystemExit("nothing trained")
    print("data", *asset(run))
    print("version", make_version(ns.name, run))
