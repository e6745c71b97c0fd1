"""A callback that keeps the run with the fluent API."""

from __future__ import annotations

import getpass
import importlib
import importlib.util
import logging
import platform
import subprocess
from typing import Any

from lanternfit.callbacks.base import Callback

logger = logging.getLogger(__name__)


def is_mlflow_available() -> bool:
    """True when MLflow is installed."""
    return importlib.util.find_spec("mlflow") is not None


class MLflowCallback(Callback):
    """Logs to the active MLflow run, or starts one."""

    def __init__(self, nested: bool = False, log_every: int = 1) -> None:
        self._ml_flow = importlib.import_module("mlflow")
        self._nested = nested
        self._log_every = log_every
        self._auto_end_run = False

    def _run_to_resume(self, experiment_id: str, run_name: str) -> str | None:
        found = self._ml_flow.search_runs(
            experiment_ids=[experiment_id],
            filter_string=f"tags.mlflow.runName = '{run_name}'",
            order_by=["start_time DESC"],
            max_results=1,
        )
        if found.empty:
            logger.warning("nothing to resume under the name %s", run_name)
            return None
        return str(found.loc[0, "run_id"])

    def on_fit_start(self, trainer: Any) -> None:
        config = trainer.config
        if config.tracking_uri:
            self._ml_flow.set_tracking_uri(config.tracking_uri)
        if self._ml_flow.active_run() is None:
            experiment = self._ml_flow.set_experiment(config.experiment)
            run_id = None
            if config.resume and config.run_name:
                run_id = self._run_to_resume(experiment.experiment_id, config.run_name)
            self._ml_flow.start_run(
                run_id=run_id,
                run_name=config.run_name,
                nested=self._nested,
            )
            self._auto_end_run = True
        tags = dict(config.tags)
        tags["lantern.user"] = getpass.getuser()
        tags["lantern.host"] = platform.node()
        tags["lantern.python"] = platform.python_version()
        try:
            sha = subprocess.check_output(["git", "rev-parse", "HEAD"], stderr=subprocess.DEVNULL)
            tags["lantern.commit"] = sha.decode().strip()
        except (OSError, subprocess.CalledProcessError):
            tags["lantern.commit"] = "unknown"
        self._ml_flow.set_tags(tags)

    def on_epoch_end(self, trainer: Any, metrics: dict[str, float]) -> None:
        if trainer.epoch % self._log_every == 0:
            self._ml_flow.log_metrics(metrics, step=trainer.epoch)

    def on_exception(self, trainer: Any, error: BaseException) -> None:
        self._ml_flow.set_tag("lantern.error", type(error).__name__)
        if self._auto_end_run:
            self._ml_flow.end_run("FAILED")

    def on_fit_end(self, trainer: Any) -> None:
        if self._auto_end_run and self._ml_flow.active_run():
            self._ml_flow.end_run()
