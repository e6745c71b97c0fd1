"""MLflow helpers. Please use these :)"""
import getpass
import subprocess

import mlflow
from mlflow.tracking import MlflowClient

from src.config import DATA_VERSION, EXPERIMENT


def git_sha():
    try:
        return subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
    except Exception:
        return "unknown"


def get_or_make_exp(name=EXPERIMENT):
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        return mlflow.create_experiment(name)
    return exp.experiment_id


def train_tags(family):
    return {
        "git_commit": git_sha(),
        "user": getpass.getuser(),
        "data_version": DATA_VERSION,
        "family": family,
    }


def last_run_of(family, exp_name=EXPERIMENT):
    """Newest finished run of a model family, or None."""
    client = MlflowClient()
    eid = get_or_make_exp(exp_name)
    runs = client.search_runs(
        [eid],
        filter_string=f"tags.family = '{family}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def all_runs(exp_name=EXPERIMENT):
    return mlflow.search_runs(
        experiment_names=[exp_name],
        filter_string="attributes.status = 'FINISHED'",
    )


def drop_failed(exp_name=EXPERIMENT):
    client = MlflowClient()
    n = 0
    for r in client.search_runs([get_or_make_exp(exp_name)], "attributes.status = 'FAILED'"):
        client.delete_run(r.info.run_id)
        n += 1
    print("deleted", n)
