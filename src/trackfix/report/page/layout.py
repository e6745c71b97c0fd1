"""Where the boxes of a picture of imports stand: columns from left to right, as the arrows go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trackfix.project.shims.graph import ShimGraph
from trackfix.report.page.grouping import grouped

IMPORTER, SHIM, HOME, IDLE = "importer", "shim", "home", "idle"
# With more boxes of one kind packages stand for them; with more arrows, for still more of them.
_MOST_BOXES = (18, 12, 8, 5)
_MOST_ARROWS = 120
_MOST_SHIM_COLUMNS = 3
_SWEEPS = 6

# A module may be an importer and a home, and then has two boxes.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """``columns`` hold the keys of the boxes from top to bottom, ``members`` the modules that a box
    stands for, and ``arrows`` tell how many imports lead from one box to another, or how many
    names. ``idle`` are the shims that no arrow leads to, grouped as the others."""

    columns: tuple[tuple[Key, ...], ...]
    members: Mapping[Key, tuple[str, ...]]
    arrows: Mapping[tuple[Key, Key], int]
    idle: tuple[Key, ...]


def picture(graph: ShimGraph) -> Picture:
    """Lay out a graph: importers at the left, homes at the right, shims between them, each to the
    right of the shims that take names from it."""
    for most in _MOST_BOXES:
        found = _picture(graph, most)
        if len(found.arrows) <= _MOST_ARROWS:
            break
    return found


def _picture(graph: ShimGraph, most: int) -> Picture:
    shims, unused = frozenset(graph.shims), frozenset(graph.idle)
    keys = {
        role: {name: (role, label) for name, label in grouped(names, most).items()}
        for role, names in (
            (IMPORTER, graph.importers),
            (SHIM, sorted(shims - unused)),
            (HOME, graph.homes),
        )
    }
    idle = {name: (IDLE, label) for name, label in grouped(sorted(unused), most).items()}
    arrows: Counter[tuple[Key, Key]] = Counter()
    for role, edges in ((IMPORTER, graph.imports), (SHIM, graph.handed_on)):
        for edge in edges:
            end = keys[SHIM if edge.target in shims else HOME][edge.target]
            arrows[keys[role][edge.source], end] += edge.count
    inner = [(a, b) for a, b in arrows if a[0] == b[0] == SHIM and a != b]
    levels = _levels(keys[SHIM].values(), inner)
    between = [
        [key for key in sorted(levels) if levels[key] == level]
        for level in range(max(levels.values(), default=-1) + 1)
    ]
    columns = [_unique(keys[IMPORTER].values()), *between, _unique(keys[HOME].values())]
    members: dict[Key, tuple[str, ...]] = {}
    for found in (*keys.values(), idle):
        for name, key in sorted(found.items()):
            members[key] = (*members.get(key, ()), name)
    drawn = {ends: count for ends, count in sorted(arrows.items()) if ends[0] != ends[1]}
    return Picture(_untangled(columns, drawn), members, drawn, tuple(_unique(idle.values())))


def _unique(keys: Iterable[Key]) -> list[Key]:
    return sorted(set(keys))


def _levels(keys: Iterable[Key], arrows: Sequence[tuple[Key, Key]]) -> dict[Key, int]:
    """The column of each shim: behind those that take names from it, up to the last column."""
    levels = dict.fromkeys(_unique(keys), 0)
    for _ in range(_MOST_SHIM_COLUMNS):
        for start, end in arrows:
            levels[end] = min(max(levels[end], levels[start] + 1), _MOST_SHIM_COLUMNS - 1)
    return levels


def _untangled(
    columns: Iterable[Sequence[Key]], arrows: Mapping[tuple[Key, Key], int]
) -> tuple[tuple[Key, ...], ...]:
    """The columns in an order with few crossings: each box at the middle of its neighbours, again
    and again, as Sugiyama, Tagawa and Toda do it (1981)."""
    ordered = [list(column) for column in columns]
    beside: dict[Key, list[Key]] = {}
    for start, end in arrows:
        beside.setdefault(start, []).append(end)
        beside.setdefault(end, []).append(start)
    for sweep in range(_SWEEPS):
        for column in ordered if sweep % 2 else reversed(ordered):
            place = {
                key: (number + 0.5) / len(found)
                for found in ordered
                for number, key in enumerate(found)
            }
            middle = {
                key: sum(place[other] for other in beside[key]) / len(beside[key])
                if key in beside
                else place[key]
                for key in column
            }
            column.sort(key=lambda key: (round(middle[key], 9), key))
    return tuple(tuple(column) for column in ordered)
