"""What to copy under which name."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import Any, Iterable


@dataclass(frozen=True)
class Move:
    """One experiment and its name on the target."""

    source: str
    target: str


def rename(name: str, rules: dict[str, str]) -> str:
    """Apply the first rule whose prefix fits."""
    for prefix, other in rules.items():
        if name.startswith(prefix):
            return other + name[len(prefix) :]
    return name


def plan(client: Any, patterns: Iterable[str], rules: dict[str, str]) -> list[Move]:
    """The experiments of the source that fit a pattern."""
    patterns = list(patterns)
    moves = []
    for experiment in client.search_experiments():
        if any(fnmatch.fnmatch(experiment.name, pattern) for pattern in patterns):
            moves.append(Move(experiment.name, rename(experiment.name, rules)))
    taken = [move.target for move in moves]
    doubles = {name for name in taken if taken.count(name) > 1}
    if doubles:
        raise ValueError(f"more than one experiment would be named {sorted(doubles)}")
    return moves
