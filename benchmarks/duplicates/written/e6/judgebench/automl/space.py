"""Search spaces."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any, Sequence, Union


@dataclass(frozen=True)
class Choice:
    """One of some values."""

    values: Sequence[Any]

    def sample(self, rng: random.Random) -> Any:
        return rng.choice(list(self.values))

    def mutate(self, value: Any, rng: random.Random) -> Any:
        return self.sample(rng)


@dataclass(frozen=True)
class Real:
    """A number in a range, on a log scale when asked for."""

    low: float
    high: float
    log: bool = False

    def sample(self, rng: random.Random) -> float:
        if self.log:
            return math.exp(rng.uniform(math.log(self.low), math.log(self.high)))
        return rng.uniform(self.low, self.high)

    def mutate(self, value: float, rng: random.Random) -> float:
        moved = value * math.exp(rng.gauss(0, 0.3)) if self.log else value + rng.gauss(0, 0.1) * (
            self.high - self.low
        )
        return min(max(moved, self.low), self.high)


Space = dict[str, Union[Choice, Real]]


def sample(space: Space, rng: random.Random) -> dict[str, Any]:
    """A random point."""
    return {name: dimension.sample(rng) for name, dimension in space.items()}


def mutate(space: Space, point: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A point that differs in one dimension."""
    name = rng.choice(list(space))
    return {**point, name: space[name].mutate(point[name], rng)}
