"""Mixins that give an Experiment its tracking."""
from __future__ import annotations

from contextlib import contextmanager

import mlflow
from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME


class ExperimentMixin:
    """Needs `experiment_name`."""

    experiment_name: str

    @property
    def client(self) -> MlflowClient:
        if not hasattr(self, "_client"):
            self._client = MlflowClient()
        return self._client

    @property
    def experiment_id(self) -> str:
        found = self.client.get_experiment_by_name(self.experiment_name)
        if found is not None:
            return found.experiment_id
        return self.client.create_experiment(self.experiment_name, tags={"paper": "molrep-2023"})


class ChildRunMixin(ExperimentMixin):
    """Runs below a parent, without touching mlflow's stack of active runs (we use threads)."""

    @contextmanager
    def child(self, parent_id: str, index: int, role: str = "trial"):
        run = self.client.create_run(
            self.experiment_id,
            tags={
                MLFLOW_PARENT_RUN_ID: parent_id,
                MLFLOW_RUN_NAME: f"{role}-{index}",
                "role": role,
                "index": str(index),
            },
        )
        try:
            yield run.info.run_id
        except Exception:
            self.client.set_terminated(run.info.run_id, "FAILED")
            raise
        self.client.set_terminated(run.info.run_id)


class CheckpointMixin:
    """Saves state dicts to a run."""

    def save_state(self, run_id: str, module, name: str = "state.pt") -> None:
        import os
        import tempfile

        import torch

        with tempfile.TemporaryDirectory() as tmp:
            path = os.path.join(tmp, name)
            torch.save(module.state_dict(), path)
            MlflowClient().log_artifact(run_id, path)

    def load_state(self, run_id: str, module, name: str = "state.pt"):
        import torch

        path = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=name)
        module.load_state_dict(torch.load(path))
        return module
