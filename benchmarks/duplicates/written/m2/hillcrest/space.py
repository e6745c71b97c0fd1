"""Search spaces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, List, Sequence

import numpy as np


@dataclass(frozen=True)
class Float:
    low: float
    high: float
    log: bool = False

    def sample(self, rng: np.random.Generator) -> float:
        if self.log:
            return float(math.exp(rng.uniform(math.log(self.low), math.log(self.high))))
        return float(rng.uniform(self.low, self.high))

    def grid(self, n: int) -> List[float]:
        if self.log:
            return list(np.geomspace(self.low, self.high, n))
        return list(np.linspace(self.low, self.high, n))


@dataclass(frozen=True)
class Int:
    low: int
    high: int

    def sample(self, rng: np.random.Generator) -> int:
        return int(rng.integers(self.low, self.high + 1))

    def grid(self, n: int) -> List[int]:
        return sorted({int(round(v)) for v in np.linspace(self.low, self.high, n)})


@dataclass(frozen=True)
class Choice:
    options: Sequence[Any]

    def sample(self, rng: np.random.Generator) -> Any:
        return self.options[int(rng.integers(len(self.options)))]

    def grid(self, n: int) -> List[Any]:
        return list(self.options)


class Space(Dict[str, Any]):
    """Names and their domains."""

    def sample(self, rng: np.random.Generator) -> Dict[str, Any]:
        return {name: domain.sample(rng) for name, domain in self.items()}
