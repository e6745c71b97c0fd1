"""Our own callback, as the logger of Lightning starts runs on every rank."""

import logging
import os
from typing import Any, Optional

import mlflow
import pytorch_lightning as pl
from mlflow.tracking import MlflowClient
from pytorch_lightning.utilities import rank_zero_only

from pavescan import vcs
from pavescan.config import TrainConfig

logger = logging.getLogger(__name__)


class MlflowCallback(pl.Callback):
    """Opens a run at the start and closes it at the end."""

    def __init__(self, config: TrainConfig, run_id: Optional[str] = None) -> None:
        self.config = config
        self.run_id = run_id

    def _experiment(self) -> str:
        name, root = self.config.experiment, self.config.artifact_root
        client = MlflowClient()
        try:
            return client.get_experiment_by_name(name).experiment_id
        except AttributeError:
            pass
        if root:
            return client.create_experiment(name, f"{root}/{name}")
        return client.create_experiment(name)

    @rank_zero_only
    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        tags = {"dataset.name": self.config.dataset, "dataset.version": self.config.dataset_version}
        tags.update({"git.commit": vcs.commit(), "git.dirty": "true" if vcs.dirty() else "false"})
        tags["world_size"] = str(trainer.world_size)
        if self.run_id is not None:
            run = mlflow.start_run(run_id=self.run_id)
        else:
            run = mlflow.start_run(
                experiment_id=self._experiment(),
                run_name="-".join((self.config.backbone, self.config.dataset_version)),
                tags=tags,
            )
        self.run_id = run.info.run_id
        mlflow.log_params(self.config.to_dict())

    @rank_zero_only
    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if trainer.sanity_checking or self.run_id is None:
            return
        values = {k: float(v) for k, v in trainer.callback_metrics.items()}
        mlflow.log_metrics(values, step=trainer.global_step)

    @rank_zero_only
    def on_save_checkpoint(self, trainer: pl.Trainer, pl_module: pl.LightningModule, checkpoint: Any) -> None:
        checkpoint["mlflow_run_id"] = self.run_id
        mlflow.set_tag("checkpoint", f"{self.config.backbone}-{trainer.current_epoch:03d}")

    @rank_zero_only
    def on_exception(self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException) -> None:
        logger.error("Training failed: %s", exception)
        mlflow.end_run("FAILED")

    @rank_zero_only
    def on_fit_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        best = getattr(trainer.checkpoint_callback, "best_model_path", "")
        if best and os.path.exists(best):
            mlflow.log_artifact(best, "checkpoints")
        mlflow.end_run()
