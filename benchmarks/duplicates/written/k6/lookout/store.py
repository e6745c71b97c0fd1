"""Finds runs and model versions."""

from __future__ import annotations

import logging

from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.tracking import MlflowClient

from lookout import filters as f
from lookout.settings import Settings

log = logging.getLogger(__name__)


class RunStore:
    """All look-ups of the service."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.from_env()
        self.client = MlflowClient(self.settings.tracking_uri)

    def _experiment_id(self, name: str) -> str:
        experiment = self.client.get_experiment_by_name(name)
        if experiment is None:
            raise LookupError(f"experiment {name} is not there")
        return experiment.experiment_id

    def _one(self, experiment: str, where: str, order: list[str]) -> Run | None:
        runs = self.client.search_runs(
            [self._experiment_id(experiment)], filter_string=where, order_by=order, max_results=1
        )
        return runs[0] if runs else None

    def serving_run(self, model: str) -> Run:
        """The run to serve: by tag, by name, or the newest."""
        run = self._one(self.settings.training, f.all_of(f.tag("lookout.serves", model), f.FINISHED), f.NEWEST)
        if run is None:
            run = self._one(
                self.settings.training, f.all_of(f.tag("mlflow.runName", model), f.FINISHED), f.NEWEST
            )
        if run is None:
            log.warning("no run is tagged or named %s, taking the newest", model)
            run = self._one(self.settings.training, f.FINISHED, f.NEWEST)
        if run is None:
            raise LookupError(model)
        return run

    def lowest_drift(self, model: str) -> Run | None:
        """The evaluation that drifted least."""
        return self._one(
            self.settings.evaluation, f.tag("lookout.model", model), ["metrics.drift ASC"]
        )

    def latest_evaluation(self, model: str) -> Run | None:
        """The newest evaluation of a model."""
        return self._one(self.settings.evaluation, f.tag("lookout.model", model), f.NEWEST)

    def evaluations(self, model: str, count: int = 30) -> list[Run]:
        """The newest evaluations of a model."""
        return list(
            self.client.search_runs(
                [self._experiment_id(self.settings.evaluation)],
                filter_string=f.tag("lookout.model", model),
                order_by=f.NEWEST,
                max_results=count,
            )
        )

    def version_run(self, name: str, version: str | int) -> Run:
        """The run of a model version."""
        mv: ModelVersion = self.client.get_model_version(name, str(version))
        return self.client.get_run(mv.run_id)

    def close_stale(self) -> int:
        """Close evaluations that nobody ends."""
        n = 0
        for run in self.client.search_runs(
            [self._experiment_id(self.settings.evaluation)], "attributes.status = 'RUNNING'"
        ):
            self.client.set_terminated(run.info.run_id, "KILLED")
            n += 1
        return n
