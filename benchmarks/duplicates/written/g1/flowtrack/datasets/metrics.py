"""A dataset that holds the metrics of a run."""

from __future__ import annotations

from typing import Any

import mlflow
from kedro.io import AbstractDataset


class RunMetricsDataset(AbstractDataset):
    """Save a flat dict as metrics; load the metrics of a run."""

    def __init__(self, prefix: str = "", run_id: str | None = None) -> None:
        self._prefix = prefix
        self._run_id = run_id

    def _save(self, data: dict[str, float]) -> None:
        named = {f"{self._prefix}{key}": value for key, value in data.items()}
        if self._run_id:
            with mlflow.start_run(run_id=self._run_id, nested=True):
                mlflow.log_metrics(named)
            return
        mlflow.log_metrics(named)

    def _load(self) -> dict[str, float]:
        run = mlflow.get_run(self._run_id or mlflow.active_run().info.run_id)
        return {
            key[len(self._prefix) :]: value
            for key, value in run.data.metrics.items()
            if key.startswith(self._prefix)
        }

    def _describe(self) -> dict[str, Any]:
        return {"prefix": self._prefix, "run_id": self._run_id}


class MetricHistoryDataset(RunMetricsDataset):
    """Load the whole history of one metric."""

    def __init__(self, key: str, run_id: str) -> None:
        super().__init__(run_id=run_id)
        self._key = key

    def _load(self) -> dict[str, float]:
        history = mlflow.MlflowClient().get_metric_history(self._run_id, self._key)
        return {str(point.step): point.value for point in history}
