"""Bits shared by the Airflow jobs."""
import contextlib
import datetime
import functools
import logging
import os
import socket

import mlflow
from mlflow.tracking import MlflowClient

LOG = logging.getLogger("jobs")


def today():
    override = os.environ.get("CTR_DAY")
    return datetime.date.fromisoformat(override) if override else datetime.date.today()


def use_experiment(name):
    """Make ``name`` the active experiment."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(name)
    if exp is not None and exp.lifecycle_stage == "deleted":
        LOG.warning("restoring %s", name)
        client.restore_experiment(exp.experiment_id)
    return mlflow.set_experiment(name).experiment_id


@contextlib.contextmanager
def job_run(job, day, model):
    """Run of a daily job, tagged with job, day, model, host and image."""
    with mlflow.start_run(
        run_name=f"{job}:{day}",
        tags={
            "job": job,
            "day": day.isoformat(),
            "model": model,
            "host": socket.gethostname(),
            "image": os.environ.get("IMAGE_TAG", "dev"),
        },
    ) as run:
        yield run


def retry(times=3, exceptions=(OSError,)):
    def deco(fn):
        @functools.wraps(fn)
        def inner(*a, **k):
            for i in range(times):
                try:
                    return fn(*a, **k)
                except exceptions:
                    LOG.warning("%s failed (%d/%d)", fn.__name__, i + 1, times)
            raise RuntimeError(fn.__name__)
        return inner
    return deco
