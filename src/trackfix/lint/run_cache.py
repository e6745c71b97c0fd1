"""Remembers what a run over a whole project found, for as long as no file of it changes.

Every file of the project counts: one that is no Python may name a shim. What is remembered is
also tied to the version of trackfix and of Python, to the options, and to what is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trackfix import __version__
from trackfix.lint.finding import Finding, Fix, Related
from trackfix.lint.outcome import Outcome
from trackfix.source.discovery import Stamp

FOLDER = ".trackfix_cache"
# https://bford.info/cachedir/
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by trackfix; may be deleted.\n"
_MOST_ENTRIES = 8
# A file may change again within the resolution of its time stamp; git waits for the same reason.
_UNSETTLED = 2_000_000_000


class RunCache:
    """The remembered outcome of one kind of run over the project at ``root``."""

    def __init__(self, root: Path, options: str, started: int) -> None:
        """``options`` spell out all that the findings depend on besides the files; ``started`` is
        the time in nanoseconds before the files were listed."""
        self._started = started
        self._folder = root / FOLDER
        parts = (__version__, sys.version, options, *_installed(root))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        self._path = self._folder / f"lint-{digest[:24]}.json"

    def load(self, stamps: Mapping[str, Stamp]) -> Outcome | None:
        """What was found when the files were as ``stamps`` tell; None if that is not known, or
        what is there is damaged."""
        try:
            known = json.loads(self._path.read_bytes())
            if known["stamps"] != _digest(stamps):
                return None
            return Outcome(
                tuple(_finding(value) for value in known["findings"]),
                tuple(_finding(value) for value in known["suppressed"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def save(self, stamps: Mapping[str, Stamp], outcome: Outcome) -> None:
        """Remember an outcome, unless a file was only just written or could not be read.

        Never fails: without the cache a run is slower, not wrong.
        """
        newest = max((changed for changed, *_ in stamps.values()), default=0)
        if outcome.errors or newest > self._started - _UNSETTLED:
            return
        value = {
            "stamps": _digest(stamps),
            "findings": [asdict(finding) for finding in outcome.findings],
            "suppressed": [asdict(finding) for finding in outcome.suppressed],
        }
        temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
        with suppress(OSError):
            self._make_folder()
            try:
                temporary.write_text(json.dumps(value), encoding="utf-8")
                os.replace(temporary, self._path)
            finally:
                temporary.unlink(missing_ok=True)
            self._drop_old()

    def _make_folder(self) -> None:
        self._folder.mkdir(exist_ok=True)
        for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
            if not (self._folder / name).exists():
                (self._folder / name).write_text(text, encoding="utf-8")

    def _drop_old(self) -> None:
        entries = sorted(self._folder.glob("lint-*.json"), key=os.path.getmtime, reverse=True)
        for entry in entries[_MOST_ENTRIES:]:
            entry.unlink()


def _digest(stamps: Mapping[str, Stamp]) -> str:
    lines = (f"{path}\0{stamp}\n" for path, stamp in sorted(stamps.items()))
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


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


def _finding(value: dict[str, Any]) -> Finding:
    fix, related = value.pop("fix"), value.pop("related")
    return Finding(
        **value,
        fix=Fix(**fix) if fix else None,
        related=tuple(Related(**other) for other in related),
    )
