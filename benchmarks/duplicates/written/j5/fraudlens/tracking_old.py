"""DEPRECATED since 4.0, use fraudlens.tracking. Goes away in 5.0.

Module functions on the fluent API.
"""
import os
import subprocess
import warnings

import mlflow

EXPERIMENT = "fraudlens"


def _warn(name):
    warnings.warn(f"tracking_old.{name} is deprecated", DeprecationWarning, stacklevel=3)


def get_experiment(name=EXPERIMENT):
    _warn("get_experiment")
    exp = mlflow.get_experiment_by_name(name)
    if not exp:
        exp = mlflow.get_experiment(mlflow.create_experiment(name))
    return exp.experiment_id


def latest_prod_run(model):
    """Returns a row of the pandas frame, not a Run."""
    _warn("latest_prod_run")
    df = mlflow.search_runs(
        [get_experiment()],
        filter_string="tags.model = '%s' and tags.stage = 'prod' and status = 'FINISHED'" % model,
        order_by=["start_time DESC"],
    )
    if len(df):
        return df.iloc[0]
    return None


def make_tags(model, stage, version):
    _warn("make_tags")
    tags = dict()
    tags["model"] = model
    tags["stage"] = stage
    tags["dataset_version"] = version
    tags["commit"] = os.getenv("COMMIT") or subprocess.getoutput("git rev-parse HEAD")
    tags["team"] = "risk"
    return tags


def best_auc_run(model):
    df = mlflow.search_runs([get_experiment()], f"tags.model = '{model}'", order_by=["metrics.auc DESC"], max_results=1)
    return None if df.empty else df.iloc[0]


def all_runs():
    return mlflow.search_runs([get_experiment()], max_results=5000)
