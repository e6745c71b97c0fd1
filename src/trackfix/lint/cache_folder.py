"""The folder in which a project's runs are remembered.

What is there is tied to the version of trackfix and of Python, to the settings, and to what is
installed. It may be deleted, or damaged, at any time: without it a run is slower, not wrong.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from trackfix import __version__

FOLDER = ".trackfix_cache"
# https://bford.info/cachedir/
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by trackfix; may be deleted.\n"
_MOST_ENTRIES = 24
# A file may change again within the resolution of its time stamp; git waits for the same reason.
_UNSETTLED = 2_000_000_000


class CacheFolder:
    """The cache of the project at ``root``."""

    def __init__(self, root: Path, settings: str, started: int) -> None:
        """``settings`` spell out all that a run depends on besides the files; ``started`` is the
        time in nanoseconds before the files were listed."""
        self._folder = root / FOLDER
        self._started = started
        parts = (__version__, sys.version, settings, *_installed(root))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        self._digest = digest[:24]

    def load(self, kind: str) -> Any:
        """What was saved last as this ``kind``; None if there is nothing, or it is damaged."""
        try:
            return json.loads(self._path(kind).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None

    def save(self, kind: str, value: object) -> None:
        """Remember what JSON can express. Never fails."""
        path = self._path(kind)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        with suppress(OSError):
            self._make()
            try:
                temporary.write_text(json.dumps(value), encoding="utf-8")
                os.replace(temporary, path)
            finally:
                temporary.unlink(missing_ok=True)
            self._drop_old()

    def is_settled(self, changed: Iterable[int]) -> bool:
        """Whether none of the files that changed at these times was only just written."""
        return max(changed, default=0) <= self._started - _UNSETTLED

    def _path(self, kind: str) -> Path:
        return self._folder / f"{kind}-{self._digest}.json"

    def _make(self) -> None:
        self._folder.mkdir(exist_ok=True)
        for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
            if not (self._folder / name).exists():
                (self._folder / name).write_text(text, encoding="utf-8")

    def _drop_old(self) -> None:
        entries = sorted(self._folder.glob("*.json"), key=os.path.getmtime, reverse=True)
        for entry in entries[_MOST_ENTRIES:]:
            entry.unlink()


def _installed(root: Path) -> Iterable[str]:
    """The folders that Python imports from, with their times: installing changes them. So does
    the cache in ``root``, which may be one of them, and whose files count by themselves."""
    for folder in sys.path:
        try:
            if os.path.realpath(folder or ".") == os.fspath(root):
                continue
            yield f"{folder} {os.stat(folder or '.').st_mtime_ns}"
        except OSError:
            yield folder
