"""Runs on the tracking server: found, opened, tagged. Nothing else talks to it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from gridcast.config import settings

SERIES = "grid.series"
METHOD = "grid.method"
CUTOFF = "grid.cutoff"


class NoRun(LookupError):
    pass


def client() -> MlflowClient:
    return MlflowClient(settings().tracking_uri)


def experiment_id() -> str:
    api = client()
    found = api.get_experiment_by_name(settings().experiment)
    if found is not None:
        return found.experiment_id
    return api.create_experiment(settings().experiment)


def find(series: str, method: str | None = None) -> Run:
    """Newest run of a series; of any method when none of the wanted method exists."""
    api, where = client(), [experiment_id()]
    base = f"tags.`{SERIES}` = '{series}' and attributes.status = 'FINISHED'"
    newest = ["attributes.start_time DESC"]
    if method is not None:
        hits = api.search_runs(where, f"{base} and tags.`{METHOD}` = '{method}'", order_by=newest, max_results=1)
        if hits:
            return hits[0]
    hits = api.search_runs(where, base, order_by=newest, max_results=1)
    if hits:
        return hits[0]
    raise NoRun(series)


def model_uri(series: str, method: str | None = None) -> str:
    return f"runs:/{find(series, method).info.run_id}/model"


def most_accurate(series: str) -> Run:
    hits = client().search_runs(
        [experiment_id()],
        f"tags.`{SERIES}` = '{series}' and metrics.mase > 0",
        order_by=["metrics.mase ASC"],
        max_results=1,
    )
    if not hits:
        raise NoRun(series)
    return hits[0]


def every(series: str) -> Iterator[Run]:
    token = None
    while True:
        page = client().search_runs(
            [experiment_id()], f"tags.`{SERIES}` = '{series}'", max_results=500, page_token=token
        )
        yield from page
        token = page.token
        if token is None:
            break


def training_tags(series: str, method: str, cutoff: str) -> dict[str, str]:
    return {SERIES: series, METHOD: method, CUTOFF: cutoff, "grid.user": getpass.getuser()}


@contextmanager
def opened(name: str, tags: dict[str, str]) -> Iterator[Run]:
    mlflow.set_tracking_uri(settings().tracking_uri)
    run = mlflow.start_run(experiment_id=experiment_id(), run_name=name, tags=tags)
    try:
        yield run
    except BaseException:
        mlflow.end_run("FAILED")
        raise
    mlflow.end_run()


@contextmanager
def fold(parent: Run, number: int) -> Iterator[str]:
    api = client()
    child = api.create_run(
        parent.info.experiment_id,
        run_name=f"fold-{number}",
        tags={"mlflow.parentRunId": parent.info.run_id, "grid.fold": str(number)},
    )
    yield child.info.run_id
    api.set_terminated(child.info.run_id)
