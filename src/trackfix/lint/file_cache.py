"""Remembers something of each file of a project for as long as that file does not change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from trackfix.lint.cache_folder import CacheFolder
from trackfix.source.discovery import Stamp


class FileCache:
    """What is remembered of one ``kind``, of the ``most`` files that were noted last. The files
    ``changed`` are not as their stamps tell."""

    def __init__(
        self,
        folder: CacheFolder,
        kind: str,
        stamps: Mapping[str, Stamp],
        changed: Collection[str],
        most: int = 1_000_000,
    ) -> None:
        self._folder = folder
        self._kind = kind
        self._stamps = stamps
        self._changed = changed
        self._most = most
        self._known: dict[str, Any] | None = None
        self._fresh: dict[str, Any] = {}

    def find(self, path: str) -> Any:
        """What was noted of a file that has not changed since; None if nothing was.

        Raises:
            KeyError, TypeError, ValueError: what is there is damaged.
        """
        if self._known is None:
            known = self._folder.load(self._kind)
            self._known = known if isinstance(known, dict) else {}
        if path in self._changed or path not in self._known:
            return None
        stamp, plain = self._known[path]
        return plain if stamp == list(self._stamps[path]) else None

    def note(self, path: str, plain: object) -> None:
        """Note what JSON can express of a file, unless that may still change unseen."""
        stamp = self._stamps.get(path)
        if stamp is not None and path not in self._changed and self._folder.is_settled([stamp[0]]):
            self._fresh[path] = [list(stamp), plain]

    def save(self) -> None:
        """Remember what was noted."""
        if self._fresh:
            kept = {p: entry for p, entry in (self._known or {}).items() if p in self._stamps}
            entries = [*(kept | self._fresh).items()]
            self._folder.save(self._kind, dict(entries[-self._most :]))
