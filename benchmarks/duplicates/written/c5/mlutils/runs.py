"""Starting runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import mlflow
from mlflow.entities import Run

from mlutils.config import Settings
from mlutils.experiments import experiment_id
from mlutils.tags import common_tags


@contextmanager
def component_run(component: str, name: str, **tags: str) -> Iterator[Run]:
    settings = Settings.from_env()
    with mlflow.start_run(
        experiment_id=experiment_id(component),
        run_name=name,
        tags=common_tags(settings, component) | tags,
    ) as run:
        yield run


@contextmanager
def child_run(name: str, **tags: str) -> Iterator[Run]:
    outer = mlflow.active_run()
    if outer is None:
        raise RuntimeError("a child run needs an active run")
    with mlflow.start_run(run_name=name, nested=True, parent_run_id=outer.info.run_id, tags=tags) as run:
        yield run
