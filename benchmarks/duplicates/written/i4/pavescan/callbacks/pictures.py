"""Logs a few predictions as pictures."""

import mlflow
import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities import rank_zero_only


class PictureCallback(pl.Callback):
    def __init__(self, every: int = 5, count: int = 4) -> None:
        self.every = every
        self.count = count

    @rank_zero_only
    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if trainer.current_epoch % self.every or mlflow.active_run() is None:
            return
        images, masks = next(iter(trainer.datamodule.val_dataloader()))
        with torch.no_grad():
            found = pl_module(images[: self.count].to(pl_module.device)).sigmoid().cpu()
        for i in range(len(found)):
            both = np.concatenate([masks[i, 0].numpy(), found[i, 0].numpy()], axis=1)
            mlflow.log_image(both, f"pictures/{trainer.current_epoch:03d}-{i}.png")
