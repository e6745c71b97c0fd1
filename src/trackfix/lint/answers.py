"""Remembers what a run printed, for as long as nothing changes that it depends on.

This is looked at before anything else is imported, so it imports next to nothing itself: the
command line alone takes longer to import than all of this takes to run. An answer counts only if
every file and folder that it rests on is exactly as it was; else there is an ordinary run.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress

from trackfix import __version__

_FOLDER = ".trackfix_cache"
_PREFIX = "answer-"
_MOST_ANSWERS = 12
# What the look of a report or git's list of files may depend on.
_VARIABLES = ("NO_COLOR", "FORCE_COLOR", "TERM", "HOME", "XDG_CONFIG_HOME")


def recall(arguments: Sequence[str]) -> tuple[int, str] | None:
    """The exit code and the output of the same run when it was last done in this folder; None if
    that is not known, or may not hold any more."""
    key = _key(arguments)
    try:
        with open(_path(key), encoding="utf-8", errors="surrogateescape", newline="") as file:
            head, _, body = file.read().partition("\n")
        if head != f"{_checksum(body)} {key}":
            return None
        code, watched, output = body.split("\n\n", 2)
        for line in watched.split("\n"):
            if look_at(line.partition("\t")[0]) != line:
                return None
        return int(code), output
    except (OSError, ValueError):
        return None


def remember(arguments: Sequence[str], code: int, output: str, watched: Iterable[str]) -> None:
    """Note what a run in this folder printed; ``watched`` is what `look_at` told of all that it
    rests on. Never fails."""
    key = _key(arguments)
    body = "\n\n".join((str(code), "\n".join(watched), output))
    path = _path(key)
    temporary = f"{path}.{os.getpid()}.tmp"
    with suppress(OSError, ValueError):
        with open(temporary, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(f"{_checksum(body)} {key}\n{body}")
        os.replace(temporary, path)
        _drop_old()


def look_at(subject: str) -> str:
    """A line that tells how something is on the disk: ``f`` and the path of a file, ``d`` and that
    of a folder whose entries count, or ``x`` and that of either that need not be there."""
    kind, path = subject[0], subject[1:]
    try:
        status = os.stat(path) if kind == "x" else os.lstat(path)
    except OSError:
        if kind != "x":
            raise
        return f"{subject}\t"
    if kind == "d":
        return f"{subject}\t{status.st_mtime_ns}"
    return as_line(subject, status.st_mtime_ns, status.st_ctime_ns, status.st_size)


def as_line(subject: str, changed: int, moved: int, size: int) -> str:
    """What `look_at` tells of a file of this ``size`` in bytes that was ``changed`` and ``moved``,
    which is any change of its status, at these times in nanoseconds."""
    return f"{subject}\t{changed} {moved} {size}"


def _key(arguments: Sequence[str]) -> str:
    environment = [(name, os.environ.get(name)) for name in _VARIABLES]
    environment += sorted(item for item in os.environ.items() if item[0].startswith("GIT_CONFIG"))
    told = (__version__, sys.version, sys.path, list(arguments), sys.stdout.isatty(), environment)
    return repr((os.getcwd(), *told))


def _path(key: str) -> str:
    return os.path.join(_FOLDER, f"{_PREFIX}{_checksum(key)}.txt")


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogateescape')):08x}"


def _drop_old() -> None:
    with os.scandir(_FOLDER) as entries:
        answers = [entry for entry in entries if entry.name.startswith(_PREFIX)]
    answers.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in answers[_MOST_ANSWERS:]:
        os.unlink(entry.path)
