"""Callback with the fluent functions."""

from __future__ import annotations

import os

import mlflow

from heronvision.utils import mlflow_utils


class MlflowCallback:
    """Starts or resumes the run of the settings and logs each epoch."""

    def __init__(self, uri: str = "", save_every: int = 0) -> None:
        self.uri = uri or os.environ.get("HERON_TRACKING", "")
        self.save_every = save_every
        self.run = None

    def on_train_start(self, trainer) -> None:
        cfg = trainer.cfg
        experiment_id = mlflow_utils.setup(self.uri, cfg.experiment)
        old = mlflow_utils.run_for_config(cfg, experiment_id)
        if old is not None:
            self.run = mlflow.start_run(run_id=old.info.run_id)
        else:
            self.run = mlflow.start_run(run_name=cfg.folder.name, tags=mlflow_utils.provenance_tags(cfg))
            mlflow.log_params(cfg.to_dict())

    def on_epoch_end(self, trainer, metrics) -> None:
        mlflow.log_metrics(metrics, step=trainer.epoch)
        if self.save_every and trainer.epoch % self.save_every == 0:
            mlflow.log_artifact(trainer.save(), "checkpoints")

    def on_train_end(self, trainer, metrics) -> None:
        mlflow.log_artifact(trainer.save(), "checkpoints")
        mlflow.end_run()
