"""A logger that talks to the tracking server with a client of its own."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Mapping

from lanternfit.loggers.base import Logger
from lanternfit.utils.env import environment_tags

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)

_STATUS = {"success": "FINISHED", "failed": "FAILED", "finished": "FINISHED"}


class MLFlowLogger(Logger):
    """Log to MLflow without touching the active run of the process."""

    def __init__(
        self,
        experiment_name: str = "lantern_logs",
        run_name: str | None = None,
        tracking_uri: str | None = None,
        tags: Mapping[str, str] | None = None,
        artifact_location: str | None = None,
        run_id: str | None = None,
        resume: bool = False,
    ) -> None:
        self._experiment_name = experiment_name
        self._experiment_id: str | None = None
        self._tracking_uri = tracking_uri
        self._artifact_location = artifact_location
        self._run_name = run_name
        self._run_id = run_id
        self._resume = resume
        self.tags = dict(tags or {})
        self._initialized = False

        from mlflow.tracking import MlflowClient

        self._mlflow_client = MlflowClient(tracking_uri)

    @property
    def experiment(self) -> "MlflowClient":
        """The client, with experiment and run ready."""
        if self._initialized:
            return self._mlflow_client
        if self._run_id is not None:
            run = self._mlflow_client.get_run(self._run_id)
            self._experiment_id = run.info.experiment_id
            self._initialized = True
            return self._mlflow_client
        if self._experiment_id is None:
            expt = self._mlflow_client.get_experiment_by_name(self._experiment_name)
            if expt is not None:
                self._experiment_id = expt.experiment_id
            else:
                log.warning("Experiment %s not found. Creating it.", self._experiment_name)
                self._experiment_id = self._mlflow_client.create_experiment(
                    name=self._experiment_name,
                    artifact_location=self._artifact_location,
                )
        if self._resume and self._run_name:
            self._run_id = self._find_by_name()
        if self._run_id is None:
            all_tags = {**environment_tags(), **self.tags}
            if self._run_name:
                all_tags["mlflow.runName"] = self._run_name
            run = self._mlflow_client.create_run(
                experiment_id=self._experiment_id,
                tags=all_tags,
            )
            self._run_id = run.info.run_id
        self._initialized = True
        return self._mlflow_client

    def _find_by_name(self) -> str | None:
        matches = self._mlflow_client.search_runs(
            [self._experiment_id],
            f"attributes.run_name = '{self._run_name}'",
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return matches[0].info.run_id if matches else None

    @property
    def run_id(self) -> str:
        """The id of the run, which is created when it is asked for first."""
        _ = self.experiment
        assert self._run_id is not None
        return self._run_id

    def log_params(self, params: dict[str, Any]) -> None:
        for key, value in params.items():
            text = str(value)
            if len(text) > 250:
                log.warning("%s is longer than 250 characters and is cut", key)
            self.experiment.log_param(self.run_id, key, text[:250])

    def log_metrics(self, metrics: dict[str, float], step: int) -> None:
        stamp = int(time.time() * 1000)
        for key, value in metrics.items():
            if isinstance(value, str):
                continue
            self.experiment.log_metric(self.run_id, key, value, stamp, step)

    def finalize(self, status: str) -> None:
        if not self._initialized:
            return
        self.experiment.set_terminated(self.run_id, _STATUS.get(status, "FINISHED"))
