"""Keeps what was last made of some files.

Rules ask about one file by turns, and on the way about those it imports from. To keep what was made
of all files would take too much memory, as syntax trees are large.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")

_MOST = 8


class Recent(Generic[Made]):
    """What was made of the files that were asked for last."""

    def __init__(self) -> None:
        self._made: dict[str, Made] = {}

    def of(self, path: str, make: Callable[[], Made], still_holds: Callable[[Made], bool]) -> Made:
        """What was made of a file, if that ``still_holds``; else it is made."""
        found = self._made.pop(path, None)
        if found is None or not still_holds(found):
            found = make()
        self._made[path] = found
        if len(self._made) > _MOST:
            del self._made[next(iter(self._made))]
        return found
