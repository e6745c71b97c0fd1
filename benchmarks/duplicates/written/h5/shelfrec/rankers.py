"""Rankers and their measure."""
from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import List, Sequence

import numpy as np

from shelfrec.registry import rankers
from shelfrec.types import Interactions


def ndcg(ranked: Sequence[int], bought: set, top: int = 20) -> float:
    gain = sum(1 / math.log2(i + 2) for i, item in enumerate(ranked[:top]) if item in bought)
    ideal = sum(1 / math.log2(i + 2) for i in range(min(top, len(bought))))
    return gain / ideal if ideal else 0.0


class Ranker(ABC):
    @abstractmethod
    def fit(self, data: Interactions) -> None: ...

    @abstractmethod
    def rank(self, user: int, items: List[int]) -> List[int]: ...


@rankers.register("keep")
class KeepOrder(Ranker):
    def fit(self, data: Interactions) -> None:
        pass

    def rank(self, user: int, items: List[int]) -> List[int]:
        return items


@rankers.register("factors")
class Factors(Ranker):
    """Small matrix factorisation with plain gradient steps."""

    def __init__(self, size: int = 16, epochs: int = 5, rate: float = 0.05, seed: int = 3) -> None:
        self.size, self.epochs, self.rate = size, epochs, rate
        self.random = np.random.default_rng(seed)
        self.u: dict = {}
        self.i: dict = {}

    def _vector(self, table: dict, key: int) -> np.ndarray:
        if key not in table:
            table[key] = self.random.normal(0, 0.1, self.size)
        return table[key]

    def fit(self, data: Interactions) -> None:
        for _ in range(self.epochs):
            for user, item, weight in zip(data.users, data.items, data.weights):
                p, q = self._vector(self.u, user), self._vector(self.i, item)
                error = weight - p @ q
                self.u[user] = p + self.rate * error * q
                self.i[item] = q + self.rate * error * p

    def rank(self, user: int, items: List[int]) -> List[int]:
        p = self._vector(self.u, user)
        return sorted(items, key=lambda item: -float(p @ self._vector(self.i, item)))
