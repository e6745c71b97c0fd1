"""A context for a job that may be started again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import mlflow
from mlflow.entities import Run

from mlops_utils.experiments import get_or_create_experiment
from mlops_utils.runs import run_by_name
from mlops_utils.tags import platform_tags


@contextlib.contextmanager
def job_run(experiment: str, name: str, team: str, project: str) -> Iterator[Run]:
    """Open the run NAME: resume it when it is there, else make it."""
    experiment_id = get_or_create_experiment(experiment)
    known = run_by_name(experiment, name)
    if known is not None:
        run = mlflow.start_run(run_id=known.info.run_id)
    else:
        run = mlflow.start_run(
            experiment_id=experiment_id, run_name=name, tags=platform_tags(team, project)
        )
    with run:
        yield run


@contextlib.contextmanager
def step_run(name: str) -> Iterator[Run]:
    """Open a nested run for one step of a job."""
    with mlflow.start_run(run_name=name, nested=True) as run:
        yield run
