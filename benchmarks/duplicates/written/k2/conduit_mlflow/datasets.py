"""Data sets that live in MLflow runs."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any, Iterator

import mlflow
from mlflow.tracking import MlflowClient


class _RunDataset:
    """Base: a data set of one run."""

    def __init__(self, run_id: str | None = None, run_name: str | None = None) -> None:
        self.run_id = run_id
        self.run_name = run_name

    @contextlib.contextmanager
    def _open(self) -> Iterator[str]:
        active = mlflow.active_run()
        if active is not None and self.run_id in (None, active.info.run_id):
            yield active.info.run_id
            return
        if self.run_id is not None:
            run = mlflow.start_run(run_id=self.run_id, nested=True)
        else:
            run = mlflow.start_run(run_name=self.run_name, nested=True)
        with run:
            yield run.info.run_id


class MetricsDataset(_RunDataset):
    """A dict of numbers."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prefix = prefix

    def save(self, data: dict[str, float]) -> None:
        """Log the numbers."""
        with self._open():
            mlflow.log_metrics({f"{self.prefix}{k}": float(v) for k, v in data.items()})

    def load(self) -> dict[str, float]:
        """Read the numbers of the run."""
        metrics = MlflowClient().get_run(self.run_id).data.metrics
        return {k[len(self.prefix):]: v for k, v in metrics.items() if k.startswith(self.prefix)}


class JsonDataset(_RunDataset):
    """A JSON artifact."""

    def __init__(self, path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path

    def save(self, data: Any) -> None:
        """Write the artifact."""
        with self._open():
            mlflow.log_dict(data, self.path)

    def load(self) -> Any:
        """Read the artifact back, from the named run if no id is given."""
        client = MlflowClient()
        run_id = self.run_id
        if run_id is None:
            experiment = client.get_experiment_by_name(self._experiment())
            candidates = client.search_runs(
                experiment_ids=[experiment.experiment_id],
                filter_string="attributes.run_name = '%s'" % self.run_name,
                order_by=["start_time DESC"],
            )
            if not candidates:
                raise FileNotFoundError(self.run_name)
            run_id = candidates[0].info.run_id
        with tempfile.TemporaryDirectory() as folder:
            local = client.download_artifacts(run_id, self.path, folder)
            return json.loads(Path(local).read_text(encoding="utf-8"))

    @staticmethod
    def _experiment() -> str:
        import os

        return os.environ.get("MLFLOW_EXPERIMENT_NAME", "Default")


class ModelDataset(_RunDataset):
    """A model that some flavour knows how to store."""

    def __init__(self, flavor: str = "sklearn", artifact: str = "model", pipeline: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.flavor = flavor
        self.artifact = artifact
        self.pipeline = pipeline

    def save(self, model: Any) -> None:
        """Log the model to the active run or to its own."""
        module = getattr(mlflow, self.flavor)
        if mlflow.active_run() is None or self.run_id:
            kwargs = {"run_id": self.run_id} if self.run_id else {"run_name": self.run_name}
            with mlflow.start_run(nested=True, **kwargs):
                module.log_model(model, self.artifact)
        else:
            module.log_model(model, self.artifact)

    def load(self) -> Any:
        """Load the model of the run or of the pipeline's last good run."""
        run_id = self.run_id
        if run_id is None and self.pipeline:
            df = mlflow.search_runs(
                filter_string=f"tags.`conduit.pipeline` = '{self.pipeline}' and status = 'FINISHED'",
                order_by=["end_time DESC"],
                max_results=1,
            )
            if df.empty:
                raise LookupError(f"pipeline {self.pipeline} has no finished run")
            run_id = df["run_id"][0]
        return getattr(mlflow, self.flavor).load_model(f"runs:/{run_id}/{self.artifact}")
