"""Stages that are skipped when nothing changed, like those of dvc."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import mlflow

from flowtrack.hooks import params_hash

logger = logging.getLogger(__name__)


class Stage:
    """One step with its parameters; its result is kept in a run."""

    def __init__(self, name: str, experiment: str, params: dict[str, Any]) -> None:
        self.name = name
        self.experiment = experiment
        self.params = params

    def cached_run(self) -> str | None:
        """The id of a run with equal parameters, or None."""
        hits = mlflow.search_runs(
            experiment_names=[self.experiment],
            filter_string=(
                f"tags.`flowtrack.stage` = '{self.name}' "
                f"and tags.`flowtrack.params_hash` = '{params_hash(self.params)}'"
            ),
            max_results=1,
            output_format="list",
        )
        return hits[0].info.run_id if hits else None

    def reproduce(self, function: Callable[..., dict[str, float]]) -> str:
        cached = self.cached_run()
        if cached:
            logger.info("stage %s did not change, run %s is used", self.name, cached)
            return cached
        mlflow.set_experiment(self.experiment)
        with mlflow.start_run(
            run_name=self.name,
            tags={
                "flowtrack.stage": self.name,
                "flowtrack.params_hash": params_hash(self.params),
            },
        ) as run:
            mlflow.log_params(self.params)
            mlflow.log_metrics(function(**self.params))
        return run.info.run_id

    def upstream(self, pipeline: str) -> str:
        """The run of the pipeline that made the inputs of this stage."""
        table = mlflow.search_runs(
            experiment_names=[self.experiment],
            filter_string=f"tags.flowtrack.pipeline = '{pipeline}'",
            order_by=["start_time DESC"],
        )
        table = table[table["status"] == "FINISHED"]
        if table.empty:
            raise LookupError(f"pipeline {pipeline} has not finished yet")
        return str(table.iloc[0]["run_id"])


def run_stages(stages: dict[Stage, Callable[..., dict[str, float]]]) -> list[str]:
    return [stage.reproduce(function) for stage, function in stages.items()]
