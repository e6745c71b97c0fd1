"""Keeps the models of all series in memory."""

from __future__ import annotations

import threading
import time

import mlflow

from gridcast import runs


class ModelCache:
    def __init__(self, ttl: float = 900.0) -> None:
        self.ttl = ttl
        self._models: dict[str, tuple[float, str, object]] = {}
        self._lock = threading.Lock()

    def get(self, series: str):
        with self._lock:
            hit = self._models.get(series)
        if hit is not None and time.monotonic() - hit[0] < self.ttl:
            return hit[2]
        return self._load(series)

    def _load(self, series: str):
        run_id = runs.find(series).info.run_id
        with self._lock:
            hit = self._models.get(series)
            if hit is not None and hit[1] == run_id:
                self._models[series] = (time.monotonic(), run_id, hit[2])
                return hit[2]
        model = mlflow.sklearn.load_model(f"runs:/{run_id}/model")
        with self._lock:
            self._models[series] = (time.monotonic(), run_id, model)
        return model

    def clear(self) -> None:
        with self._lock:
            self._models.clear()
