"""Search spaces and samplers."""

from __future__ import annotations

import math
import random
from typing import Any, Iterator


class Space:
    """A mapping of names to ranges or choices."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec

    def sample(self, rng: random.Random) -> dict[str, Any]:
        """Draw one point at random."""
        point: dict[str, Any] = {}
        for name, rule in self.spec.items():
            if isinstance(rule, list):
                point[name] = rng.choice(rule)
            elif rule.get("log"):
                low, high = math.log(rule["low"]), math.log(rule["high"])
                point[name] = math.exp(rng.uniform(low, high))
            elif rule.get("int"):
                point[name] = rng.randint(rule["low"], rule["high"])
            else:
                point[name] = rng.uniform(rule["low"], rule["high"])
        return point

    def grid(self, steps: int = 3) -> Iterator[dict[str, Any]]:
        """Walk the whole grid."""
        names = list(self.spec)

        def values(rule: Any) -> list[Any]:
            if isinstance(rule, list):
                return rule
            low, high = rule["low"], rule["high"]
            width = (high - low) / max(steps - 1, 1)
            return [low + i * width for i in range(steps)]

        def walk(i: int, point: dict[str, Any]) -> Iterator[dict[str, Any]]:
            if i == len(names):
                yield dict(point)
                return
            for value in values(self.spec[names[i]]):
                point[names[i]] = value
                yield from walk(i + 1, point)

        yield from walk(0, {})
