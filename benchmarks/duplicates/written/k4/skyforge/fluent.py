"""The short way: functions without a client."""

from __future__ import annotations

import contextlib
import getpass
import os
from typing import Any, Iterator

import mlflow
from mlflow import ActiveRun

import skyforge
from skyforge import workspace as w


def init(experiment: str | None = None) -> str:
    """Point MLflow at the workspace and an experiment."""
    ws = w.current()
    mlflow.set_tracking_uri(ws.tracking_uri)
    if experiment is None:
        experiment = ws.default_experiment
    else:
        experiment = ws.qualified(experiment)
    exp = mlflow.get_experiment_by_name(experiment)
    if exp is None:
        experiment_id = mlflow.create_experiment(experiment, tags={"skyforge.workspace": ws.name})
    else:
        experiment_id = exp.experiment_id
    mlflow.set_experiment(experiment_id=experiment_id)
    return experiment_id


@contextlib.contextmanager
def run(name: str | None = None, **tags: str) -> Iterator[ActiveRun]:
    """A run of the workspace as a context."""
    ws = w.current()
    labels = {
        "skyforge.workspace": ws.name,
        "skyforge.project": ws.project,
        "skyforge.submitter": os.getenv("SKYFORGE_USER", getpass.getuser()),
        "skyforge.sdk_version": skyforge.__version__,
        **tags,
    }
    with mlflow.start_run(run_name=name, tags=labels) as active:
        yield active


def log(**values: Any) -> None:
    """Log numbers as metrics and the rest as parameters."""
    for key, value in values.items():
        if isinstance(value, (int, float)):
            mlflow.log_metric(key, value)
        else:
            mlflow.log_param(key, value)


def note(text: str) -> None:
    """Set the description of the active run."""
    mlflow.set_tag("mlflow.note.content", text)


@contextlib.contextmanager
def step(name: str) -> Iterator[ActiveRun]:
    """A step of the active run."""
    with mlflow.start_run(run_name=name, nested=True) as child:
        yield child
