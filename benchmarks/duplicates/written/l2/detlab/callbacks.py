import os
import platform
import logging

import pytorch_lightning as pl
import torch
from mlflow.tracking import MlflowClient

from detlab.mlf import commit

logger = logging.getLogger("detlab")


class TagEnvironment(pl.Callback):
    """Writes where the job runs, so that we find the logs on the cluster."""

    def on_fit_start(self, trainer, module):
        if trainer.global_rank != 0:
            return
        lg = trainer.logger
        info = {
            "host": platform.node(),
            "gpu": "cpu",
            "commit": commit(),
            "slurm_job": os.environ.get("SLURM_JOB_ID") or "local",
        }
        if torch.cuda.is_available():
            info["gpu"] = torch.cuda.get_device_name(0)
        for k, v in info.items():
            lg.experiment.set_tag(lg.run_id, k, v)


class EpochTag(pl.Callback):
    def on_train_epoch_end(self, trainer, module):
        lg = trainer.logger
        lg.experiment.set_tag(lg.run_id, "detlab.epoch", str(trainer.current_epoch))

    def on_exception(self, trainer, module, exception):
        MlflowClient().set_terminated(trainer.logger.run_id, "FAILED")
        logger.error("marked as failed")


class WarnIfRepeated(pl.Callback):
    """Tells when the same config was already trained."""

    def on_fit_start(self, trainer, module):
        c = trainer.logger.experiment
        exp_id = trainer.logger.experiment_id
        query = "tags.`detlab.cfg_hash` = '%s'" % module.cfg.hash()
        previous = c.search_runs(experiment_ids=[exp_id], filter_string=query, order_by=["start_time DESC"])
        if not previous:
            return
        old = previous[0]
        if old.info.run_id != trainer.logger.run_id:
            logger.warning("config was already run: %s (%s)", old.info.run_id, old.info.status)
