"""Callback for Keras."""

from __future__ import annotations

import getpass
import os
import socket
from typing import Any

import keras
import mlflow
from mlflow.tracking import MlflowClient

from trainlog.base import flat, scalars


class MlflowKerasCallback(keras.callbacks.Callback):
    """Logs epochs of model.fit."""

    def __init__(
        self,
        experiment_name: str,
        run_name: str | None = None,
        tracking_uri: str | None = None,
        config: dict[str, Any] | None = None,
        ckpt_hash: str | None = None,
    ) -> None:
        super().__init__()
        self.run_name = run_name
        self.config = config or {}
        self.ckpt_hash = ckpt_hash
        if tracking_uri:
            mlflow.set_tracking_uri(tracking_uri)
        exp = mlflow.get_experiment_by_name(experiment_name)
        self.experiment_id = exp.experiment_id if exp else mlflow.create_experiment(experiment_name)
        self.run: Any = None

    def _find_interrupted(self) -> str | None:
        if not self.ckpt_hash:
            return None
        runs = MlflowClient().search_runs(
            [self.experiment_id],
            filter_string=f"tags.ckpt_hash = '{self.ckpt_hash}'",
            order_by=["start_time DESC"],
            max_results=1,
        )
        return runs[0].info.run_id if runs else None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start or resume the run."""
        interrupted = self._find_interrupted()
        if interrupted:
            os.environ.setdefault("TRAINLOG_RUN_ID", interrupted)
        run_id = os.environ.get("TRAINLOG_RUN_ID")
        if run_id:
            self.run = mlflow.start_run(run_id=run_id)
        else:
            self.run = mlflow.start_run(experiment_id=self.experiment_id, run_name=self.run_name)
        mlflow.set_tags(
            {
                "framework": "keras",
                "framework_version": keras.__version__,
                "host": socket.gethostname(),
                "user": getpass.getuser(),
            }
        )
        mlflow.log_params(flat(self.config))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Log the metrics of an epoch."""
        mlflow.log_metrics(scalars(logs or {}), step=epoch)
        mlflow.set_tag("last_epoch", str(epoch))

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Close the run."""
        mlflow.end_run()

    def initial_epoch(self) -> int:
        """Where fit should go on."""
        run_id = self._find_interrupted()
        if run_id is None:
            return 0
        tags = mlflow.get_run(run_id).data.tags
        return int(tags["last_epoch"]) + 1 if "last_epoch" in tags else 0
