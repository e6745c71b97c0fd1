"""study -> split -> fold, as nested runs."""
from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import Iterator

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from .lineage import Lineage

log = logging.getLogger(__name__)


class RunTree:
    def __init__(self, target: str, endpoint: str):
        self.target = target
        self.endpoint = endpoint
        self.client = MlflowClient()
        self.experiment_id = self._ensure_experiment()

    def _ensure_experiment(self) -> str:
        name = f"{self.target}/{self.endpoint}"
        existing = self.client.get_experiment_by_name(name)
        if existing is None:
            log.info("new experiment %s", name)
            return self.client.create_experiment(name, tags={"target": self.target, "endpoint": self.endpoint})
        return existing.experiment_id

    @contextmanager
    def study(self, name: str) -> Iterator[Run]:
        with mlflow.start_run(
            experiment_id=self.experiment_id, run_name=name, tags={"molprop.level": "study", "molprop.target": self.target}
        ) as run:
            yield run

    @contextmanager
    def split(self, lineage: Lineage) -> Iterator[Run]:
        tags = {"molprop.level": "split", **lineage.as_tags()}
        with mlflow.start_run(
            experiment_id=self.experiment_id, run_name=f"split-{lineage.split}", nested=True, tags=tags
        ) as run:
            yield run

    @contextmanager
    def fold(self, number: int, of: int) -> Iterator[Run]:
        with mlflow.start_run(
            experiment_id=self.experiment_id,
            run_name=f"fold-{number}",
            nested=True,
            tags={"molprop.level": "fold", "molprop.fold": str(number), "molprop.folds": str(of)},
        ) as run:
            yield run

    def worst_fold(self, split_run_id: str) -> Run | None:
        runs = self.client.search_runs(
            [self.experiment_id],
            f"tags.mlflow.parentRunId = '{split_run_id}'",
            order_by=["metrics.rmse DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def parent_of(self, run: Run) -> Run | None:
        parent_id = run.data.tags.get("mlflow.parentRunId")
        if parent_id is None:
            return None
        return self.client.get_run(parent_id)

    def siblings(self, run: Run) -> list[Run]:
        parent_id = run.data.tags.get("mlflow.parentRunId")
        if parent_id is None:
            return []
        found = self.client.search_runs([self.experiment_id], f"tags.mlflow.parentRunId = '{parent_id}'")
        return [r for r in found if r.info.run_id != run.info.run_id]
