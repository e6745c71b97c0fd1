"""How much the same parts of two pieces have in common, whatever their kind."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import NamedTuple

from trackfix.project.run_logic.values.tag_keys import NAME_TAG, PARENT_TAG

# The weights of tag keys: the rarer the more; others weigh 1.
Weights = Mapping[str, float]

# Tags that MLflow shows of any run: who sets them means no more than a run.
OF_ANY_RUN = frozenset({PARENT_TAG, NAME_TAG, "mlflow.note.content"})


class Likeness(NamedTuple):
    """``score`` is from 0 to 1; ``differs`` says in words what is not the same."""

    score: float
    differs: tuple[str, ...] = ()


# Sums of weights are exact (fsum): else the order of a set, which no two runs share, tells in them.
def overlap(here: set[str], there: set[str], weights: Weights, part: float = 0.6) -> float:
    """How much two sets of keys have in common: that ``part`` of it of the smaller set, the rest of
    both."""
    total = fsum(weights.get(key, 1) for key in here & there)
    smaller = min(fsum(weights.get(key, 1) for key in keys) for keys in (here, there))
    every = fsum(weights.get(key, 1) for key in here | there)
    return round(part * total / smaller + (1 - part) * total / every, 2)


def experiment_likeness(here: str, there: str) -> float:
    """How likely two runs that get their experiments so are of the same one."""
    if here == there:
        return 1
    if {here, there} == {"name", "helper"}:
        return 0.9  # most helpers take the name
    if "all" in (here, there) or "active" in (here, there):
        return 0.2
    return 0.6 if here and there else 0.5
