"""Shared MLflow helpers. Ask Marta before changing signatures - notebooks depend on them."""
import getpass
import logging
import os
import subprocess

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from shared.config import TAG_REGION, TAG_SNAPSHOT

log = logging.getLogger("demand.utils")


def git_sha():
    try:
        return subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return os.environ.get("GIT_SHA", "unknown")


def get_or_create_experiment(path):
    """Return the id of the experiment at ``path``; it is created or restored when needed."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(path)
    if exp is None:
        log.info("creating experiment %s", path)
        return client.create_experiment(path)
    if exp.lifecycle_stage == "deleted":
        client.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def best_run_for_region(experiment_id, region):
    """Finished run with the lowest val_wape for the region, or None."""
    client = MlflowClient()
    runs = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.{TAG_REGION} = '{region}' and attributes.status = 'FINISHED'",
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=1,
        order_by=["metrics.val_wape ASC"],
    )
    return runs[0] if runs else None


def run_for_snapshot(experiment_id, snapshot):
    """Newest finished run trained on the given feature snapshot (None if there is none)."""
    found = MlflowClient().search_runs(
        [experiment_id],
        f"tags.{TAG_SNAPSHOT} = '{snapshot}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not found:
        return None
    return found[0]


def context_tags(dbutils=None):
    """Tags which say where the run comes from."""
    tags = {
        "git_sha": git_sha(),
        "launched_by": getpass.getuser(),
        "cluster_id": os.environ.get("DB_CLUSTER_ID", "local"),
    }
    if dbutils is not None:
        ctx = dbutils.notebook.entry_point.getDbutils().notebook().getContext()
        tags["job_id"] = ctx.tags().get("jobId").getOrElse(None) or "interactive"
    else:
        tags["job_id"] = os.environ.get("DB_JOB_ID", "interactive")
    return tags


def log_frame_stats(pdf, prefix="data"):
    mlflow.log_metrics({
        f"{prefix}.rows": float(len(pdf)),
        f"{prefix}.stores": float(pdf["store_id"].nunique()),
        f"{prefix}.nulls": float(pdf.isna().sum().sum()),
    })


def wape(y_true, y_pred):
    denom = abs(y_true).sum()
    return float(abs(y_true - y_pred).sum() / denom) if denom else float("nan")
