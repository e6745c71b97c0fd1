"""Parents and children."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Iterable

from runferry.tags import PARENT


def parent_of(run: Any) -> str | None:
    """The id of the parent run, if there is one that is not the run itself."""
    parent = run.data.tags.get(PARENT)
    if not parent or parent == run.info.run_id:
        return None
    return parent


def parents_first(runs: Iterable[Any]) -> list[Any]:
    """Order runs so that each parent is ahead of its children."""
    runs = list(runs)
    by_id = {run.info.run_id: run for run in runs}
    children: dict[str | None, list[Any]] = defaultdict(list)
    for run in runs:
        parent = parent_of(run)
        children[parent if parent in by_id else None].append(run)
    ordered: list[Any] = []
    stack = list(reversed(children[None]))
    while stack:
        run = stack.pop()
        ordered.append(run)
        stack.extend(reversed(children[run.info.run_id]))
    return ordered


def roots(runs: Iterable[Any]) -> list[Any]:
    """The runs without a parent."""
    return [run for run in runs if parent_of(run) is None]


def depth(run: Any, by_id: dict[str, Any]) -> int:
    """How many parents are above a run."""
    level = 0
    parent = parent_of(run)
    while parent in by_id and level < 50:
        level += 1
        parent = parent_of(by_id[parent])
    return level
