"""A small logger in the style of Lightning, for the teams that use it."""

from __future__ import annotations

import importlib
from typing import Any

from lumenvision.configs import TrainConfig


class LumenLogger:
    """Logs to one run; the run is opened at first use."""

    def __init__(self, config: TrainConfig, run_id: str | None = None) -> None:
        self._config = config
        self._run_id = run_id
        self._mlflow = importlib.import_module("mlflow")
        self._mlflow_client = self._mlflow.MlflowClient()
        self._started = False

    def _experiment(self) -> str:
        found = self._mlflow_client.get_experiment_by_name(self._config.experiment)
        if found:
            self._experiment_id = found.experiment_id
        else:
            self._experiment_id = self._mlflow_client.create_experiment(
                name=self._config.experiment
            )
        return self._experiment_id

    def _get_tags(self) -> dict[str, str]:
        cfg = self._config
        tags = dict(
            (
                ("cv.task", cfg.task.value),
                ("cv.backbone", cfg.backbone),
                ("cv.stage", "train"),
            )
        )
        height, width = cfg.data.image_size
        tags.update(
            {
                "cv.dataset": cfg.data.name,
                "cv.dataset_version": cfg.data.version,
                "cv.image_size": f"{height}x{width}",
            }
        )
        return tags

    @property
    def run_id(self) -> str:
        if not self._started:
            kwargs: dict[str, Any] = {}
            if self._run_id is not None:
                kwargs["run_id"] = self._run_id
            else:
                kwargs["experiment_id"] = self._experiment()
                kwargs["run_name"] = f"{self._config.backbone}-{self._config.seed}"
                kwargs["tags"] = self._get_tags()
            active = self._mlflow.start_run(**kwargs)
            self._run_id = active.info.run_id
            self._started = True
        return self._run_id

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        for key, value in metrics.items():
            self._mlflow_client.log_metric(self.run_id, key, value, step=step)

    def finalize(self, status: str = "success") -> None:
        mapped = {"success": "FINISHED", "failed": "FAILED"}.get(status, "KILLED")
        if self._mlflow.active_run():
            self._mlflow.end_run(mapped)
