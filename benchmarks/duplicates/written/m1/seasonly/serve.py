"""A small service that always has the newest model."""

from __future__ import annotations

import threading
import time
from typing import Any, Optional

import mlflow
import pandas as pd

from seasonly.flavors import mlflow_flavor


class ModelHolder:
    """Keeps the model of the newest run; looks for a newer one now and then."""

    def __init__(self, experiment: str, artifact_path: str = "model", every: float = 300.0) -> None:
        self.experiment = experiment
        self.artifact_path = artifact_path
        self.every = every
        self.run_id: Optional[str] = None
        self.model: Any = None
        self._lock = threading.Lock()

    def refresh(self) -> bool:
        client = mlflow.MlflowClient()
        experiment = client.get_experiment_by_name(self.experiment)
        if not experiment:
            return False
        latest = next(
            iter(
                client.search_runs(
                    experiment_ids=[experiment.experiment_id],
                    filter_string="status = 'FINISHED'",
                    order_by=["start_time DESC"],
                    max_results=1,
                )
            ),
            None,
        )
        if latest is None or latest.info.run_id == self.run_id:
            return False
        model = mlflow_flavor.load_model(f"runs:/{latest.info.run_id}/{self.artifact_path}")
        with self._lock:
            self.run_id, self.model = latest.info.run_id, model
        return True

    def valid_until(self, now: pd.Timestamp) -> pd.Timestamp:
        """When the forecast of the held model ends."""
        tags = mlflow.get_run(self.run_id).data.tags
        n = int(tags["seasonly.horizon"]) if "seasonly.horizon" in tags else 14
        unit = tags["seasonly.freq"] if "seasonly.freq" in tags else "D"
        span = pd.Timedelta(n, unit)
        return now + span

    def watch(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.refresh()
            time.sleep(self.every)

    def predict(self, horizon: int) -> pd.Series:
        with self._lock:
            if self.model is None:
                raise RuntimeError("no model is loaded")
            return self.model.predict(horizon)
