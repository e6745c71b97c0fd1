"""Logger for Lightning."""

from __future__ import annotations

import logging
import os
from argparse import Namespace
from typing import Any, Mapping

from lightning.pytorch.loggers.logger import Logger, rank_zero_experiment
from lightning.pytorch.utilities.rank_zero import rank_zero_only
from mlflow.tracking import MlflowClient

from trainlog.base import flat, scalars
from trainlog.select import best_by_val_loss

log = logging.getLogger(__name__)


class LightningRunLogger(Logger):
    """Makes its experiment and run on first use."""

    def __init__(
        self,
        experiment_name: str = "lightning",
        run_name: str | None = None,
        tracking_uri: str | None = None,
        tags: dict[str, str] | None = None,
        run_id: str | None = None,
    ) -> None:
        super().__init__()
        self._experiment_name = experiment_name
        self._run_name = run_name
        self._run_id = run_id
        self._tags = dict(tags or {})
        self._client = MlflowClient(tracking_uri)
        self._experiment_id: str | None = None

    @property
    @rank_zero_experiment
    def experiment(self) -> MlflowClient:
        """The client, with experiment and run made when needed."""
        if self._run_id is not None and self._experiment_id is not None:
            return self._client
        if self._experiment_id is None:
            expt = self._client.get_experiment_by_name(self._experiment_name)
            if expt is not None:
                self._experiment_id = expt.experiment_id
            else:
                log.warning("Experiment %s not found. Creating it.", self._experiment_name)
                self._experiment_id = self._client.create_experiment(name=self._experiment_name)
        if self._run_id is None:
            self._run_id = os.environ.get("TRAINLOG_RUN_ID")
        if self._run_id is None:
            run = self._client.create_run(self._experiment_id, run_name=self._run_name, tags=self._tags)
            self._run_id = run.info.run_id
        return self._client

    @rank_zero_only
    def log_hyperparams(self, params: dict[str, Any] | Namespace) -> None:
        """Log what the module was made with."""
        values = vars(params) if isinstance(params, Namespace) else params
        for key, value in flat(values).items():
            self.experiment.log_param(self._run_id, key, str(value)[:500])

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Log metrics of a step."""
        for key, value in scalars(metrics).items():
            self.experiment.log_metric(self._run_id, key, value, step=step)

    @rank_zero_only
    def finalize(self, status: str = "success") -> None:
        """Close the run with MLflow's own word for the state."""
        if self._run_id and self._client.get_run(self._run_id).info.status == "RUNNING":
            self._client.set_terminated(self._run_id, {"success": "FINISHED"}.get(status, "FAILED"))

    @property
    def name(self) -> str | None:
        """The experiment."""
        return self._experiment_id

    @property
    def version(self) -> str | None:
        """The run."""
        return self._run_id


def best_lightning_checkpoint(experiment_name: str) -> str:
    """Where the best model of an experiment is."""
    experiment = MlflowClient().get_experiment_by_name(experiment_name)
    if experiment is None:
        raise LookupError(experiment_name)
    run = best_by_val_loss(experiment.experiment_id)
    return f"runs:/{run.info.run_id}/checkpoints/best.ckpt"
