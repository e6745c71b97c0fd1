"""Search spaces."""

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Sequence, Union


@dataclass(frozen=True)
class Float:
    """A real number between low and high."""

    low: float
    high: float
    log: bool = False

    def sample(self, rng):
        if self.log:
            return math.exp(rng.uniform(math.log(self.low), math.log(self.high)))
        return rng.uniform(self.low, self.high)


@dataclass(frozen=True)
class Int:
    """A whole number between low and high, both included."""

    low: int
    high: int

    def sample(self, rng):
        return int(rng.integers(self.low, self.high + 1))


@dataclass(frozen=True)
class Choice:
    """One of some values."""

    values: Sequence[Any]

    def sample(self, rng):
        return self.values[int(rng.integers(0, len(self.values)))]


Dimension = Union[Float, Int, Choice]
_KINDS = {"float": Float, "int": Int, "choice": Choice}


@dataclass
class Space:
    """A named set of dimensions."""

    dimensions: Dict[str, Dimension] = field(default_factory=dict)

    def add(self, name: str, dimension: Dimension) -> "Space":
        if name in self.dimensions:
            raise ValueError(f"dimension {name!r} is given twice")
        self.dimensions[name] = dimension
        return self

    def names(self) -> List[str]:
        return sorted(self.dimensions)

    def to_json(self) -> str:
        out = {}
        for name, dim in self.dimensions.items():
            kind = type(dim).__name__.lower()
            out[name] = {"kind": kind, **asdict(dim)}
        return json.dumps(out, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Space":
        space = cls()
        for name, spec in json.loads(text).items():
            kind = _KINDS[spec.pop("kind")]
            space.add(name, kind(**spec))
        return space
