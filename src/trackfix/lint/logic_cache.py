"""Remembers the run logic of each file for as long as the file does not change.

What a file does with MLflow's runs is told by the file alone, so a run on one file need not read
the others again to find what it repeats of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackfix.lint.file_cache import FileCache

# A run without the rules about run logic imports nothing of it.
if TYPE_CHECKING:
    from trackfix.project.run_logic.fragments import FileLogic


class LogicCache:
    """What is remembered of one project."""

    def __init__(self, files: FileCache) -> None:
        self._files = files

    def get(self, path: str) -> FileLogic | None:
        """The run logic of a file that has not changed since it was read; None if it is not known,
        or what is there is damaged."""
        from trackfix.project.plain_data import from_plain
        from trackfix.project.run_logic.fragments import FileLogic

        try:
            logic = self._files.find(path)
            if logic is None:
                return None
            if isinstance(logic, str):
                return FileLogic(path, taken=tuple(logic.split()))
            found: FileLogic = from_plain(FileLogic, logic)
            return found
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def put(self, path: str, logic: FileLogic) -> None:
        """Note the run logic of a file that was read."""
        from trackfix.project.plain_data import to_plain

        # Most files have none, of which only the names need be spelled out.
        self._files.note(path, to_plain(logic) if logic.fragments else " ".join(logic.taken))

    def save(self) -> None:
        """Remember what was noted."""
        self._files.save()
