"""Pick and place in simulation."""

from __future__ import annotations

import gymnasium as gym
import numpy as np


class PickPlace(gym.Env):
    def __init__(self, engine: str = "mujoco", horizon: int = 200) -> None:
        self.engine, self.horizon = engine, horizon
        self.observation_space = gym.spaces.Box(-np.inf, np.inf, (17,), np.float32)
        self.action_space = gym.spaces.Box(-1.0, 1.0, (7,), np.float32)
        self._t = 0
        self._goal = np.zeros(3)
        self._hand = np.zeros(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._t = 0
        self._goal = self.np_random.uniform(-0.3, 0.3, 3)
        self._hand = self.np_random.uniform(-0.3, 0.3, 3)
        return self._observe(), {}

    def _observe(self):
        rest = np.zeros(11)
        return np.concatenate([self._hand, self._goal, rest]).astype(np.float32)

    def step(self, action):
        self._t += 1
        self._hand = np.clip(self._hand + 0.02 * action[:3], -0.5, 0.5)
        distance = float(np.linalg.norm(self._hand - self._goal))
        success = distance < 0.03
        return self._observe(), -distance, success, self._t >= self.horizon, {"success": success}


def make(task: str, engine: str) -> gym.Env:
    if task in ("pick", "place", "stack"):
        return PickPlace(engine)
    raise KeyError(task)
