"""All combinations of a space, one run for each."""

from __future__ import annotations

import itertools
import logging
from dataclasses import replace
from typing import Any, Callable, Iterator

from lanternfit.config import SweepConfig, TrainConfig

logger = logging.getLogger(__name__)

Objective = Callable[[TrainConfig, str], float]


class GridSweeper:
    """Walks the grid and keeps the trials below one parent run."""

    def __init__(self, config: SweepConfig, objective: Objective) -> None:
        import mlflow

        self._mlflow = mlflow
        self.client = mlflow.MlflowClient(config.base.tracking_uri)
        self.config = config
        self.objective = objective

    def _ensure_experiment(self) -> str:
        name = self.config.base.experiment
        experiment = self.client.get_experiment_by_name(name)
        if not experiment:
            return self.client.create_experiment(name, self.config.base.artifact_location)
        return experiment.experiment_id

    def combinations(self) -> Iterator[dict[str, Any]]:
        """The points of the grid, at most `max_trials`."""
        names = list(self.config.space)
        points = itertools.product(*(self.config.space[name] for name in names))
        for values in itertools.islice(points, self.config.max_trials):
            yield dict(zip(names, values))

    def _start_trial(self, experiment_id: str, parent_id: str, number: int) -> str:
        run = self.client.create_run(
            experiment_id,
            run_name=f"trial-{number:03d}",
            tags={
                "mlflow.parentRunId": parent_id,
                "lantern.sweep": self.config.name,
                "lantern.trial": str(number),
            },
        )
        return run.info.run_id

    def run(self) -> str:
        """Run all trials and return the id of the parent run."""
        experiment_id = self._ensure_experiment()
        parent = self.client.create_run(
            experiment_id,
            run_name=self.config.name,
            tags={"lantern.sweep": self.config.name, "lantern.sweep.kind": "grid"},
        )
        parent_id = parent.info.run_id
        for number, point in enumerate(self.combinations()):
            run_id = self._start_trial(experiment_id, parent_id, number)
            status = "FINISHED"
            try:
                config = replace(self.config.base, **point)
                for key, value in point.items():
                    self.client.log_param(run_id, key, value)
                score = self.objective(config, run_id)
                self.client.log_metric(run_id, self.config.metric, score)
            except Exception:
                logger.exception("trial %d failed", number)
                status = "FAILED"
            self.client.set_terminated(run_id, status)
        self.client.set_terminated(parent_id)
        return parent_id

    def best_trial(self, parent_id: str) -> Any:
        """The trial with the best metric, as an MLflow run."""
        direction = "ASC" if self.config.mode == "min" else "DESC"
        experiment_id = self.client.get_run(parent_id).info.experiment_id
        trials = self.client.search_runs(
            experiment_ids=[experiment_id],
            filter_string=f"tags.mlflow.parentRunId = '{parent_id}' and status = 'FINISHED'",
            order_by=[f"metrics.{self.config.metric} {direction}"],
            max_results=1,
        )
        if not trials:
            raise LookupError(f"sweep {parent_id} has no finished trial")
        return trials[0]
