from __future__ import annotations

import time

import lightning as L
import matplotlib.pyplot as plt
import torch
from lightning.pytorch.callbacks import EarlyStopping, LearningRateMonitor, ModelCheckpoint

from segstream.tags import hardware_tags


def experiment_of(trainer):
    return trainer.logger.experiment, trainer.logger.run_id


class Throughput(L.Callback):
    def on_train_epoch_start(self, trainer, module) -> None:
        self.started = time.perf_counter()

    def on_train_epoch_end(self, trainer, module) -> None:
        client, run_id = experiment_of(trainer)
        seconds = time.perf_counter() - self.started
        images = trainer.num_training_batches * trainer.datamodule.hparams.batch_size
        client.log_metric(run_id, "images_per_second", images / seconds, step=trainer.current_epoch)


class Hardware(L.Callback):
    def on_fit_start(self, trainer, module) -> None:
        client, run_id = experiment_of(trainer)
        for key, value in hardware_tags().items():
            client.set_tag(run_id, key, value)


class Gallery(L.Callback):
    """Pictures of the first validation batch."""

    def __init__(self, every: int = 5, count: int = 4):
        self.every, self.count = every, count

    @torch.no_grad()
    def on_validation_epoch_end(self, trainer, module) -> None:
        if trainer.sanity_checking or trainer.current_epoch % self.every:
            return
        client, run_id = experiment_of(trainer)
        images, masks = next(iter(trainer.val_dataloaders))
        predictions = module(images[: self.count].to(module.device)).argmax(1).cpu()
        figure, axes = plt.subplots(self.count, 3, figsize=(9, 3 * self.count))
        for row, image, mask, prediction in zip(axes, images, masks, predictions):
            for axis, picture in zip(row, (image.permute(1, 2, 0), mask, prediction)):
                axis.imshow(picture)
                axis.axis("off")
        client.log_figure(run_id, figure, f"gallery/{trainer.current_epoch:03d}.png")
        plt.close(figure)


class Reviewed(L.Callback):
    def on_test_end(self, trainer, module) -> None:
        client, run_id = experiment_of(trainer)
        client.set_tag(run_id, "seg.tested", "true")
        client.set_tag(run_id, "seg.tested_epoch", str(trainer.current_epoch))


def default_callbacks() -> list[L.Callback]:
    return [
        ModelCheckpoint(monitor="val/miou", mode="max", save_last=True),
        EarlyStopping("val/miou", mode="max", patience=8),
        LearningRateMonitor("step"),
        Throughput(),
        Hardware(),
        Gallery(),
        Reviewed(),
    ]
