"""How the formats put things, the same in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackfix.report.words import printable

if TYPE_CHECKING:
    from trackfix.project.run_logic.fragments import Fragment
    from trackfix.project.run_logic.groups.alignment import How, Pair
    from trackfix.project.run_logic.groups.group import Group

TITLES = {
    "find-run": "Finding a run",
    "create-run": "Creating a run",
    "resolve-experiment": "Getting or creating an experiment",
    "build-tags": "Building tags",
    "read-tag": "Reading a tag",
}
NONE = "No run logic is written more than once."


@dataclass(frozen=True, slots=True)
class Total:
    """What the groups of one job, or all of them, come to."""

    kind: str
    groups: int
    places: int
    lines: int


def totals(groups: Iterable[Group]) -> Iterator[Total]:
    """What each job comes to, in the order of the groups."""
    by_kind: dict[str, list[Group]] = {}
    for group in groups:
        by_kind.setdefault(group.kind, []).append(group)
    for kind, found in by_kind.items():
        yield _total(kind, found)


def total(groups: Sequence[Group]) -> Total:
    """What all groups come to."""
    return _total("", groups)


def _total(kind: str, groups: Sequence[Group]) -> Total:
    places = sum(len(group.copies) for group in groups)
    return Total(kind, len(groups), places, sum(group.lines_to_go for group in groups))


def steps(pairs: Iterable[Pair], *hows: How) -> str:
    """The steps of these kinds in one line, in the words of the copy where it has them."""
    found = [pair.here or pair.there for pair in pairs if pair.how in hows]
    return " → ".join(dict.fromkeys(printable(step.text) for step in found if step is not None))


def other_ways(pairs: Iterable[Pair]) -> str:
    """The steps that do one job in different ways, each as it is here and there."""
    found = [
        (p.here.text, p.there.text) for p in pairs if p.how == "differs" and p.here and p.there
    ]
    return "; ".join(printable(f"{here} here, {there} there") for here, there in found)


def span(first: int, last: int) -> str:
    """Lines: ``3`` or ``3-5``."""
    return f"{first}" if first == last else f"{first}-{last}"


def place(fragment: Fragment) -> str:
    """Where a piece is: ``path:3-5``."""
    return f"{printable(fragment.path)}:{span(fragment.first, fragment.last)}"


def function(fragment: Fragment, lines: tuple[int, int] | None) -> str:
    """The function that a piece is in, with its lines."""
    if not fragment.function:
        return "the module's own body"
    return f"{fragment.function} ({span(*lines)})" if lines else fragment.function
