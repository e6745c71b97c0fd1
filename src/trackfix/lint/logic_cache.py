"""Remembers the run logic of each file for as long as the file does not change.

What a file does with MLflow's runs is told by the file alone, so a run on one file need not read
the others again to find what it repeats of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from trackfix.lint.cache_folder import CacheFolder
from trackfix.source.discovery import Stamp

# A run without the rules about run logic imports nothing of it.
if TYPE_CHECKING:
    from trackfix.project.run_logic.fragments import FileLogic

_KIND = "run-logic-2"


class LogicCache:
    """What is remembered of one project. The files ``changed`` are not as their stamps tell."""

    def __init__(
        self, folder: CacheFolder, stamps: Mapping[str, Stamp], changed: Collection[str]
    ) -> None:
        self._folder = folder
        self._stamps = stamps
        self._changed = changed
        self._known: dict[str, Any] | None = None
        self._fresh: dict[str, FileLogic] = {}

    def get(self, path: str) -> FileLogic | None:
        """The run logic of a file that has not changed since it was read; None if it is not known,
        or what is there is damaged."""
        from trackfix.project.plain_data import from_plain
        from trackfix.project.run_logic.fragments import FileLogic

        if self._known is None:
            known = self._folder.load(_KIND)
            self._known = known if isinstance(known, dict) else {}
        try:
            stamp, logic = self._known[path]
            if path in self._changed or stamp != list(self._stamps[path]):
                return None
            if isinstance(logic, str):
                return FileLogic(path, taken=tuple(logic.split()))
            found: FileLogic = from_plain(FileLogic, logic)
            return found
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def put(self, path: str, logic: FileLogic) -> None:
        """Note the run logic of a file that was read."""
        self._fresh[path] = logic

    def save(self) -> None:
        """Remember what was noted, but for files that may still change unseen."""
        if not self._fresh or self._changed:
            return
        from trackfix.project.plain_data import to_plain

        kept = {path: entry for path, entry in (self._known or {}).items() if path in self._stamps}
        for path, logic in self._fresh.items():
            stamp = self._stamps.get(path)
            if stamp is not None and self._folder.is_settled([stamp[0]]):
                # Most files have none, of which only the names need be spelled out.
                plain = to_plain(logic) if logic.fragments else " ".join(logic.taken)
                kept[path] = [list(stamp), plain]
        self._folder.save(_KIND, kept)
