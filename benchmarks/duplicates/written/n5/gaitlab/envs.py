"""A small environment to walk in."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

TERRAINS = ("flat", "stairs", "slope", "rubble")


class Gait(gym.Env):
    """A chain of joints that has to move forward."""

    metadata = {"render_modes": []}

    def __init__(self, terrain: str = "flat", joints: int = 4, limit: int = 500) -> None:
        if terrain not in TERRAINS:
            raise ValueError(terrain)
        self.terrain = terrain
        self.joints = joints
        self.limit = limit
        self.observation_space = gym.spaces.Box(-np.inf, np.inf, (2 * joints + 1,))
        self.action_space = gym.spaces.Box(-1.0, 1.0, (joints,))
        self._angle = np.zeros(joints)
        self._speed = np.zeros(joints)
        self._x = 0.0
        self._t = 0

    def _obs(self) -> np.ndarray:
        return np.concatenate([self._angle, self._speed, [self._x]]).astype(np.float32)

    def reset(self, *, seed: int | None = None, options: dict | None = None):
        super().reset(seed=seed)
        self._angle = self.np_random.normal(0, 0.05, self.joints)
        self._speed = np.zeros(self.joints)
        self._x, self._t = 0.0, 0
        return self._obs(), {}

    def _friction(self) -> float:
        return {"flat": 0.02, "stairs": 0.08, "slope": 0.05, "rubble": 0.1}[self.terrain]

    def step(self, action: np.ndarray):
        self._speed += 0.1 * np.clip(action, -1, 1) - self._friction() * self._speed
        self._angle += 0.05 * self._speed
        moved = float(np.abs(np.sin(self._angle)).mean() * 0.05)
        self._x += moved
        self._t += 1
        fallen = bool(np.abs(self._angle).max() > np.pi)
        reward = moved - 0.001 * float(np.square(action).sum()) - (1.0 if fallen else 0.0)
        return self._obs(), reward, fallen, self._t >= self.limit, {"x": self._x}


def make(terrain: str, **options: Any) -> Gait:
    return Gait(terrain, **options)
