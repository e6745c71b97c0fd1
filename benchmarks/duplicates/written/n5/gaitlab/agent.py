"""An agent: a linear policy that is improved by the cross-entropy method."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from gaitlab.envs import Gait


@dataclass
class Config:
    algo: str = "cem"
    population: int = 24
    elite: int = 6
    sigma: float = 0.5
    decay: float = 0.98
    seed: int = 0


class Agent:
    """Mean and spread of a linear policy."""

    def __init__(self, env: Gait, config: Config) -> None:
        self.env = env
        self.config = config
        shape = (env.action_space.shape[0], env.observation_space.shape[0])
        self.mean = np.zeros(shape)
        self.sigma = np.full(shape, config.sigma)
        self.rng = np.random.default_rng(config.seed)

    def episode(self, weights: np.ndarray) -> tuple[float, int]:
        obs, _ = self.env.reset(seed=int(self.rng.integers(1 << 30)))
        total, length, done = 0.0, 0, False
        while not done:
            obs, reward, fallen, cut, _ = self.env.step(np.tanh(weights @ obs))
            total += reward
            length += 1
            done = fallen or cut
        return total, length

    def improve(self) -> dict[str, float]:
        tries = [
            self.mean + self.sigma * self.rng.normal(size=self.mean.shape)
            for _ in range(self.config.population)
        ]
        returns = np.array([self.episode(w)[0] for w in tries])
        best = np.argsort(returns)[-self.config.elite :]
        chosen = np.stack([tries[i] for i in best])
        self.mean = chosen.mean(axis=0)
        self.sigma = np.maximum(chosen.std(axis=0), 0.02) * self.config.decay
        return {"return_mean": float(returns.mean()), "return_max": float(returns.max())}

    def dumps(self) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, mean=self.mean, sigma=self.sigma)
        return buffer.getvalue()

    def loads(self, body: bytes) -> None:
        data = np.load(io.BytesIO(body))
        self.mean, self.sigma = data["mean"], data["sigma"]
