"""Begin with the weights of the best older run of the task."""

from __future__ import annotations

import logging

import mlflow
from mlflow import MlflowClient

logger = logging.getLogger(__name__)


class WarmStart:
    def __init__(self, experiment: str, strict: bool = False) -> None:
        self.experiment = experiment
        self.strict = strict

    def on_train_start(self, trainer) -> None:
        task = trainer.cfg.task
        client = MlflowClient()
        exp = client.get_experiment_by_name(self.experiment)
        runs = []
        if exp:
            for r in client.search_runs([exp.experiment_id], "status = 'FINISHED'"):
                if r.data.params.get("task") == task and "val_acc" in r.data.metrics:
                    runs.append(r)
        if not runs:
            if self.strict:
                raise LookupError(f"no run of {task} to start from")
            logger.info("cold start")
            return
        best = max(runs, key=lambda r: r.data.metrics["val_acc"])
        local = mlflow.artifacts.download_artifacts(run_id=best.info.run_id, artifact_path="checkpoints/last.pt")
        trainer.load(local)
        trainer.epoch = 0
