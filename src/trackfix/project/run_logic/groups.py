"""What is told of run logic that a project has more than once."""

from __future__ import annotations

from typing import NamedTuple

from trackfix.project.run_logic.fragments import Fragment, Kind
from trackfix.project.run_logic.truths import Truth


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
        spans = {(c.fragment.path, c.fragment.first, c.fragment.last) for c in self.copies}
        return sum(max(last - first, 0) for _, first, last in spans)
