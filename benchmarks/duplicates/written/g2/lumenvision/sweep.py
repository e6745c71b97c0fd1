"""A random sweep with threads; each trial is a child run."""

from __future__ import annotations

import logging
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

from lumenvision.configs import OptimConfig, RunTag, TrainConfig
from lumenvision.trainer import Trainer

log = logging.getLogger("lumen.sweep")


@dataclass
class SweepConfig:
    base: TrainConfig
    trials: int = 12
    workers: int = 2
    lr_range: tuple[float, float] = (1e-5, 1e-2)
    backbones: tuple[str, ...] = ("resnet50", "swin_t")


class Sweep:
    def __init__(self, config: SweepConfig) -> None:
        self.config = config
        self.client = mlflow.MlflowClient()
        self.experiment_id = self._open(config.base.experiment)
        self.parent_id = ""

    def _open(self, name: str) -> str:
        try:
            return self.client.create_experiment(name)
        except MlflowException:
            log.debug("experiment %s is there already", name)
        return self.client.get_experiment_by_name(name).experiment_id

    def _sample(self, rng: random.Random) -> TrainConfig:
        low, high = self.config.lr_range
        optim = OptimConfig(lr=rng.uniform(low, high))
        return replace(
            self.config.base, optim=optim, backbone=rng.choice(self.config.backbones)
        )

    def _trial(self, number: int) -> float:
        cfg = self._sample(random.Random(number))
        run_id = self.client.create_run(
            experiment_id=self.experiment_id,
            tags={
                MLFLOW_PARENT_RUN_ID: self.parent_id,
                MLFLOW_RUN_NAME: f"trial-{number:03d}",
                RunTag.STAGE.value: "sweep",
            },
        ).info.run_id
        for key, value in cfg.flat().items():
            self.client.log_param(run_id, key, value)
        status, best = "FINISHED", 0.0
        try:
            trainer = Trainer(cfg)
            for epoch in range(cfg.epochs):
                best = max(best, trainer.epoch(epoch)["mAP"])
                self.client.log_metric(run_id, "val/mAP", best, step=epoch)
        except RuntimeError:
            log.exception("trial %d failed", number)
            status = "FAILED"
        self.client.set_terminated(run_id, status)
        return best

    def run(self) -> str:
        with mlflow.start_run(experiment_id=self.experiment_id, run_name="sweep") as parent:
            self.parent_id = parent.info.run_id
            with ThreadPoolExecutor(self.config.workers) as pool:
                list(pool.map(self._trial, range(self.config.trials)))
            best = self.best_trial()
            mlflow.set_tag("sweep.best", best)
        return best

    def best_trial(self) -> str:
        runs = self.client.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string=(
                f"tags.{MLFLOW_PARENT_RUN_ID} = '{self.parent_id}' "
                "and attributes.status = 'FINISHED'"
            ),
            order_by=["metrics.`val/mAP` DESC"],
            max_results=1,
        )
        if not runs:
            raise RuntimeError("no trial has finished")
        return runs[0].info.run_id
