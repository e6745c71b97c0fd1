from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any, Mapping, Sequence, Union

import numpy as np

VERSION = 4


@dataclass(frozen=True)
class Uniform:
    low: float
    high: float
    log: bool = False

    def draw(self, rng: np.random.Generator) -> float:
        if self.log:
            return float(math.exp(rng.uniform(math.log(self.low), math.log(self.high))))
        return float(rng.uniform(self.low, self.high))


@dataclass(frozen=True)
class Whole:
    low: int
    high: int

    def draw(self, rng: np.random.Generator) -> int:
        return int(rng.integers(self.low, self.high + 1))


@dataclass(frozen=True)
class Choice:
    options: Sequence[Any]

    def draw(self, rng: np.random.Generator) -> Any:
        return self.options[int(rng.integers(len(self.options)))]


Dimension = Union[Uniform, Whole, Choice]


class Space:
    def __init__(self, dims: Mapping[str, Dimension]):
        self.dims = dict(dims)

    def draw(self, rng: np.random.Generator) -> dict[str, Any]:
        return {name: dim.draw(rng) for name, dim in self.dims.items()}

    def neighbour(self, config: Mapping[str, Any], rng: np.random.Generator, rate: float = 0.3):
        fresh = self.draw(rng)
        return {k: fresh[k] if rng.random() < rate else config[k] for k in self.dims}


def config_hash(config: Mapping[str, Any]) -> str:
    text = json.dumps(config, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


GBM = Space(
    {
        "learning_rate": Uniform(1e-3, 0.3, log=True),
        "max_leaf_nodes": Whole(7, 255),
        "min_samples_leaf": Whole(5, 200),
        "l2_regularization": Uniform(1e-6, 10.0, log=True),
        "max_bins": Choice((63, 127, 255)),
    }
)
