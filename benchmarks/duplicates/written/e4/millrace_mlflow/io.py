"""Datasets that live in runs."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import mlflow
from mlflow.tracking import MlflowClient


class MlflowMetricDataset:
    """A single metric of a run."""

    def __init__(self, key: str, run_id: str | None = None) -> None:
        self.key = key
        self._run_id = run_id

    @property
    def run_id(self) -> str:
        """The given run, or the active one."""
        if self._run_id:
            return self._run_id
        run = mlflow.active_run()
        if run is None:
            raise RuntimeError(f"there is no run to read {self.key} from")
        return run.info.run_id

    def load(self) -> float:
        return MlflowClient().get_run(self.run_id).data.metrics[self.key]

    def save(self, value: float) -> None:
        MlflowClient().log_metric(self.run_id, self.key, value)

    def exists(self) -> bool:
        return self.key in MlflowClient().get_run(self.run_id).data.metrics


class MlflowJsonDataset:
    """A JSON file among the artifacts of a run."""

    def __init__(self, artifact_path: str, run_id: str) -> None:
        self.artifact_path = artifact_path
        self.run_id = run_id

    def load(self) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            path = mlflow.artifacts.download_artifacts(
                run_id=self.run_id, artifact_path=self.artifact_path, dst_path=folder
            )
            return json.loads(Path(path).read_text())

    def save(self, data: Any) -> None:
        MlflowClient().log_dict(self.run_id, data, self.artifact_path)


class MlflowModelDataset:
    """The model of the newest run that was promoted."""

    def __init__(self, experiment_id: str, flavor: str = "mlflow.sklearn") -> None:
        self.experiment_id = experiment_id
        self.flavor = flavor

    def load(self) -> Any:
        """Load the model through its flavor."""
        import importlib

        promoted = MlflowClient().search_runs(
            [self.experiment_id],
            "tags.`millrace.promoted` = 'true'",
            order_by=["start_time DESC"],
            max_results=1,
        )
        if not promoted:
            raise LookupError("no run was promoted")
        module = importlib.import_module(self.flavor)
        return module.load_model(f"runs:/{promoted[0].info.run_id}/model")
