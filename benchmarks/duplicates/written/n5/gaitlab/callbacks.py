"""Callbacks of the training loop, and one for Stable-Baselines3."""

from __future__ import annotations

from typing import Any

import mlflow
from stable_baselines3.common.callbacks import BaseCallback

from gaitlab.logger import MLflowLogger


class EarlyStop:
    """Says when to stop."""

    def __init__(self, patience: int = 20) -> None:
        self.patience = patience
        self.best = float("-inf")
        self.bad = 0

    def __call__(self, value: float) -> bool:
        if value > self.best:
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


class SB3Callback(BaseCallback):
    """Logs a training of Stable-Baselines3 as we log ours."""

    def __init__(self, terrain: str, seed: int, every: int = 10_000) -> None:
        super().__init__()
        self.terrain, self.seed, self.every = terrain, seed, every
        self.logger_: MLflowLogger | None = None

    def _on_training_start(self) -> None:
        algo = type(self.model).__name__.lower()
        run = mlflow.active_run()
        if run is None:
            run = mlflow.start_run(run_name=f"{algo}-{self.terrain}-s{self.seed}")
        self.logger_ = MLflowLogger(run.info.run_id)
        mlflow.set_tags(
            {
                "sb3.policy": type(self.model.policy).__name__,
                "sb3.device": str(self.model.device),
                "sb3.envs": str(self.training_env.num_envs),
            }
        )

    def _on_step(self) -> bool:
        if self.n_calls % self.every == 0:
            infos: list[dict[str, Any]] = list(self.model.ep_info_buffer)
            if infos:
                mean = sum(i["r"] for i in infos) / len(infos)
                self.logger_.log(self.num_timesteps, {"return_mean": mean})
        return True

    def _on_training_end(self) -> None:
        self.logger_.flush()
