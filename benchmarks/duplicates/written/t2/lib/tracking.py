"""Tracker: the one place for MLflow (work in progress)."""
from __future__ import annotations

import logging
from functools import cached_property
from typing import Iterator

import mlflow
from mlflow.entities import Experiment, Run
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)


class Tracker:
    def __init__(self, experiment: str, client: MlflowClient | None = None) -> None:
        self.experiment = experiment
        self.client = client or MlflowClient()

    @cached_property
    def experiment_id(self) -> str:
        return self._resolve()

    def _resolve(self) -> str:
        exp: Experiment | None = mlflow.get_experiment_by_name(self.experiment)
        match exp:
            case None:
                logger.info("creating %s", self.experiment)
                return mlflow.create_experiment(self.experiment)
            case Experiment(lifecycle_stage="deleted"):
                self.client.restore_experiment(exp.experiment_id)
        return exp.experiment_id

    def children(self, parent_id: str) -> Iterator[Run]:
        token = None
        while True:
            page = self.client.search_runs(
                [self.experiment_id],
                filter_string=f"tags.mlflow.parentRunId = '{parent_id}'",
                max_results=200,
                page_token=token,
            )
            yield from page
            token = page.token
            if token is None:
                return

    def top_run(self, parent_id: str) -> Run:
        """Finished child with the highest eval return."""
        best: Run | None = None
        for run in self.children(parent_id):
            if run.info.status != "FINISHED":
                continue
            score = run.data.metrics.get("eval/return_mean")
            if score is None:
                continue
            if best is None or score > best.data.metrics["eval/return_mean"]:
                best = run
        if best is None:
            raise LookupError(f"no finished child of {parent_id}")
        return best

    def siblings(self, run_id: str) -> list[Run]:
        parent = self.client.get_run(run_id).data.tags.get("mlflow.parentRunId")
        if parent is None:
            return []
        return [r for r in self.children(parent) if r.info.run_id != run_id]

    def parent_of(self, run_id: str) -> Run | None:
        parent = mlflow.get_parent_run(run_id)
        if parent is None:
            logger.debug("%s has no parent", run_id)
        return parent
