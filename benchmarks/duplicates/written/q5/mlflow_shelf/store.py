"""The shelf itself. Everything new should use :class:`Shelf`."""
from __future__ import annotations

import getpass
import logging
import platform
import time
from typing import Iterator

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

from mlflow_shelf.errors import BadRequest, NotOnShelf

logger = logging.getLogger(__name__)

SLOT = "shelf.slot"
LABELS = "shelf.labels"
STATE = "shelf.state"


class Shelf:
    def __init__(self, experiment: str, client: MlflowClient | None = None, page_size: int = 100):
        self.name = experiment
        self.client = client or MlflowClient()
        self.page_size = page_size

    @property
    def experiment_id(self) -> str:
        exp = self.client.get_experiment_by_name(self.name)
        if exp is None:
            logger.info("first use of shelf %r", self.name)
            return self.client.create_experiment(self.name)
        if exp.lifecycle_stage == "deleted":
            self.client.restore_experiment(exp.experiment_id)
        return exp.experiment_id

    def slot(self, name: str) -> Run:
        """Newest run in a slot."""
        runs = self.client.search_runs(
            [self.experiment_id],
            filter_string=f"tags.`{SLOT}` = '{name}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise NotOnShelf(f"slot {name!r} is empty")
        return runs[0]

    def named(self, run_name: str) -> Run:
        """Newest run of that name."""
        runs = self.client.search_runs(
            [self.experiment_id],
            filter_string=f"attributes.run_name = '{run_name}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise NotOnShelf(f"no run is called {run_name!r}")
        return runs[0]

    def best(self, metric: str) -> Run:
        runs = self.client.search_runs(
            [self.experiment_id],
            filter_string="attributes.status = 'FINISHED'",
            order_by=[f"metrics.`{metric}` ASC"],
            max_results=1,
        )
        if not runs or metric not in runs[0].data.metrics:
            raise NotOnShelf(f"no finished run has {metric}")
        return runs[0]

    def __iter__(self) -> Iterator[Run]:
        token = None
        while True:
            page = self.client.search_runs([self.experiment_id], max_results=self.page_size, page_token=token)
            yield from page
            token = page.token
            if not token:
                break

    def put(self, run_id: str, slot: str, labels: list[str]) -> None:
        if "/" in slot:
            raise BadRequest("a slot can't have a slash")
        self.client.set_tag(run_id, SLOT, slot)
        self.client.set_tag(run_id, LABELS, ",".join(labels))
        self.client.set_tag(run_id, STATE, "shelved")
        self.client.set_tag(run_id, "shelf.by", getpass.getuser())

    def sweep(self, older_than_days: float) -> int:
        limit = (time.time() - older_than_days * 86400) * 1000
        victims = [r for r in self if SLOT not in r.data.tags and r.info.start_time < limit]
        for r in victims:
            self.client.delete_run(r.info.run_id)
        return len(victims)


def labels_of(run: Run) -> set[str]:
    raw = run.data.tags.get(LABELS, "")
    return {x.strip().lower() for x in raw.split(",") if x.strip()}


def host_tags() -> dict[str, str]:
    return {
        "shelf.host": platform.node(),
        "shelf.user": getpass.getuser(),
        "shelf.python": platform.python_version(),
        "shelf.mlflow": mlflow.__version__,
    }
