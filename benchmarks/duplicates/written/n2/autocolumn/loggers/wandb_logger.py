"""The same with W&B."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import joblib
import wandb

from autocolumn.loggers.base import BaseLogger


class WandbLogger(BaseLogger):
    """One W&B run for each model, grouped by session."""

    def __init__(self, entity: str | None = None) -> None:
        self.entity = entity
        self.project = ""
        self.run: Any = None

    def init_experiment(self, name: str, setup: dict[str, Any]) -> None:
        self.project = name

    def start_model(self, model_id: str, title: str, setup: dict[str, Any]) -> None:
        self.run = wandb.init(
            project=self.project,
            entity=self.entity,
            name=title,
            group=setup["session_id"],
            tags=[setup["kind"], model_id],
            reinit=True,
        )

    def log_params(self, params: dict[str, Any]) -> None:
        self.run.config.update(params, allow_val_change=True)

    def log_metrics(self, metrics: dict[str, float]) -> None:
        self.run.log(metrics)

    def log_model(self, model: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.joblib"
            joblib.dump(model, path)
            artifact = wandb.Artifact(f"model-{self.run.id}", type="model")
            artifact.add_file(str(path))
            self.run.log_artifact(artifact)

    def finish(self, ok: bool = True) -> None:
        self.run.finish(exit_code=0 if ok else 1)
        self.run = None

    def best(self, metric: str) -> Any:
        runs = wandb.Api().runs(f"{self.entity}/{self.project}", order=f"-summary_metrics.{metric}")
        return runs[0] if len(runs) else None
