"""Callbacks for stable-baselines3."""
from __future__ import annotations

from pathlib import Path

import mlflow
import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.evaluation import evaluate_policy


class CheckpointToMlflow(BaseCallback):
    def __init__(self, root: str, key: str, every: int = 50_000, keep: int = 3) -> None:
        super().__init__()
        self.dir = Path(root) / key
        self.every = every
        self.keep = keep

    def _on_step(self) -> bool:
        if self.n_calls % self.every:
            return True
        self.dir.mkdir(parents=True, exist_ok=True)
        path = self.dir / f"step{self.num_timesteps}.zip"
        self.model.save(path)
        mlflow.set_tag("last_ckpt", path.name)
        old = sorted(self.dir.glob("step*.zip"), key=lambda p: p.stat().st_mtime)
        for p in old[: -self.keep]:
            p.unlink()
        return True

    def _on_training_end(self) -> None:
        last = self.dir / "last.zip"
        self.model.save(last)
        mlflow.log_artifact(str(last), "ckpt")


class EvalToMlflow(BaseCallback):
    def __init__(self, env, every: int = 25_000, episodes: int = 10) -> None:
        super().__init__()
        self.env = env
        self.every = every
        self.episodes = episodes
        self.last_mean = float("nan")
        self.best = -np.inf

    def _on_step(self) -> bool:
        if self.n_calls % self.every == 0:
            mean, std = evaluate_policy(self.model, self.env, n_eval_episodes=self.episodes)
            mlflow.log_metrics({"eval/return_mean": mean, "eval/return_std": std}, step=self.num_timesteps)
            self.last_mean = mean
            if mean > self.best:
                self.best = mean
                mlflow.set_tag("best_step", self.num_timesteps)
        return True
