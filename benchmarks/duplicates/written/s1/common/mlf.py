"""The bits of MLflow everyone should use. Please."""
import getpass
import logging
import os
import socket
import subprocess
from contextlib import contextmanager

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from common import settings

log = logging.getLogger(__name__)


def client():
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    return MlflowClient(settings.TRACKING_URI)


def ensure_experiment(name):
    """Id of the experiment; made if it isn't there, undeleted if somebody threw it away."""
    c = client()
    exp = c.get_experiment_by_name(name)
    if exp is None:
        log.info("creating experiment %s", name)
        return c.create_experiment(name)
    if exp.lifecycle_stage == "deleted":
        c.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def last_good_run(exp_name, zone):
    """Newest finished run with last_good=1 for a zone, or None."""
    client()
    df = mlflow.search_runs(
        experiment_names=[exp_name],
        filter_string=f"tags.{settings.TAG_GOOD} = '1' and tags.{settings.TAG_ZONE} = '{zone}' "
        "and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if df.empty:
        return None
    return mlflow.get_run(df.iloc[0].run_id)


def host_tags():
    tags = {
        "host": socket.gethostname(),
        "user": getpass.getuser(),
        "cron_job": os.environ.get("CRON_JOB", "manual"),
    }
    try:
        sha = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True)
        tags["git_sha"] = sha.strip()
    except (OSError, subprocess.CalledProcessError):
        tags["git_sha"] = "unknown"
    return tags


@contextmanager
def forecast_run(exp_name, zone, day, upstream=None):
    exp_id = ensure_experiment(exp_name)
    tags = {settings.TAG_ZONE: zone, "delivery_day": day.isoformat(), "kind": "forecast"}
    if upstream:
        tags[settings.TAG_UPSTREAM] = upstream
    with mlflow.start_run(experiment_id=exp_id, run_name=f"{zone}-{day:%Y%m%d}", tags=tags) as run:
        yield run


def mark_good(run_id, exp_name, zone):
    """Move the last_good flag: old ones get 0, this one gets 1."""
    c = client()
    exp = c.get_experiment_by_name(exp_name)
    flagged = c.search_runs(
        [exp.experiment_id],
        f"tags.{settings.TAG_GOOD} = '1' and tags.{settings.TAG_ZONE} = '{zone}'",
        run_view_type=ViewType.ALL,
    )
    for r in flagged:
        if r.info.run_id != run_id:
            c.set_tag(r.info.run_id, settings.TAG_GOOD, "0")
    c.set_tag(run_id, settings.TAG_GOOD, "1")
