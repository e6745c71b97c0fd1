"""Loggers with one face: the console, MLflow, or both."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from mlflow.entities import Metric
from mlflow.tracking import MlflowClient


class ConsoleLogger:
    """Prints a line per step."""

    def log(self, step: int, values: dict[str, float]) -> None:
        print(f"{step:6d} " + " ".join(f"{k}={v:.3f}" for k, v in values.items()))

    def checkpoint(self, step: int, body: bytes) -> None:
        pass

    def close(self, ok: bool = True) -> None:
        pass


class MLflowLogger:
    """Writes metrics in batches and keeps checkpoints as artifacts."""

    def __init__(self, run_id: str, batch: int = 50) -> None:
        self.run_id = run_id
        self.batch = batch
        self.client = MlflowClient()
        self._waiting: list[Metric] = []

    def log(self, step: int, values: dict[str, float]) -> None:
        now = int(time.time() * 1000)
        self._waiting += [Metric(key, value, now, step) for key, value in values.items()]
        if len(self._waiting) >= self.batch:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            self.client.log_batch(self.run_id, metrics=self._waiting)
            self._waiting = []

    def checkpoint(self, step: int, body: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"step-{step}.npz"
            path.write_bytes(body)
            self.client.log_artifact(self.run_id, str(path), "checkpoints")
        self.client.set_tag(self.run_id, "gait.checkpoint", f"{step}:checkpoints/step-{step}.npz")

    def close(self, ok: bool = True) -> None:
        self.flush()
        self.client.set_terminated(self.run_id, "FINISHED" if ok else "FAILED")
