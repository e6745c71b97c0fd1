"""What is told of run logic that a project has more than once."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from trackfix.project.run_logic.fragments import Fragment, Kind
from trackfix.project.run_logic.groups.truths import Truth

# Steps that are more lines apart have other code between them.
_FAR = 10


class Copy(NamedTuple):
    """A piece of run logic that the source of truth has as well. ``step`` is its piece that does
    the same, None when its code is not known. ``called`` is the line at which the function with the
    copy calls the source of truth already, 0 if it does not; ``imported`` tells that its file has
    the name."""

    fragment: Fragment
    truth: Truth
    step: Fragment | None
    score: float
    differs: tuple[str, ...]
    called: int = 0
    imported: bool = False


class Group(NamedTuple):
    """A job that is done in several places: the source of truth and its copies, by place."""

    kind: Kind
    truth: Truth
    copies: tuple[Copy, ...]

    @property
    def lines_to_go(self) -> int:
        """About how many lines would go if the copies called the source of truth."""
        lines = {(copy.fragment.path, _lines(copy.fragment)) for copy in self.copies}
        return sum(max(_count(of_piece) - 1, 0) for _, of_piece in lines)


def _lines(fragment: Fragment) -> tuple[int, ...]:
    steps = (step.line for step in fragment.steps)
    return tuple(sorted({fragment.first, *steps, fragment.last}))


def _count(lines: tuple[int, ...]) -> int:
    """How many lines there are from the first to the last one, but for what stands between two that
    are far apart, which is about something else."""
    gaps = (after - before for before, after in pairwise(lines))
    return 1 + sum(gap if gap <= _FAR else 1 for gap in gaps)
