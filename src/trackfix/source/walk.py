"""A walk over the files below a directory that heeds .gitignore, for use without git."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    _Ignores = tuple[tuple[str, GitIgnoreSpec], ...]

_TOOL_DIRECTORIES = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".tox",
        ".trackfix",
        ".trackfix_cache",
        "__pycache__",
        "node_modules",
    }
)
# What marks the top of an environment made by venv or conda, whatever its name.
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")
# Git would know whether these were made by hand; without it, they most likely are not.
_BUILD_DIRECTORIES = frozenset({"build", "dist"})


def is_tool_directory(path: str, name: str) -> bool:
    """Whether a tool rather than a person fills this directory."""
    return name in _TOOL_DIRECTORIES or is_environment(path)


def is_environment(path: str) -> bool:
    """Whether this directory is an environment made by venv or conda, as a file in it tells."""
    return any(os.path.lexists(os.path.join(path, mark)) for mark in _ENVIRONMENT_MARKS)


def walk(root: Path, excluded: GitIgnoreSpec | None = None) -> Iterator[tuple[str, os.stat_result]]:
    """Relative path and status of each regular file below `root`.

    Leaves out symbolic links, what a .gitignore ignores, directories that `excluded` matches
    and those that tools fill. Skips what can't be read.
    """
    waiting: list[tuple[str, str, _Ignores]] = [(str(root), "", ())]
    while waiting:
        directory, prefix, ignores = waiting.pop()
        try:
            with os.scandir(directory) as scan:
                entries = list(scan)
        except OSError:
            continue
        names = {entry.name for entry in entries}
        if prefix and not names.isdisjoint(_ENVIRONMENT_MARKS):
            continue
        if ".gitignore" in names:
            spec = _read_ignore(os.path.join(directory, ".gitignore"))
            if spec is not None:
                ignores = ((prefix, spec), *ignores)
        for entry in entries:
            path = prefix + entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    below = path + "/"
                    if not (
                        _is_skipped(entry.name)
                        or _is_ignored(below, ignores)
                        or (excluded is not None and excluded.match_file(below))
                    ):
                        waiting.append((entry.path, below, ignores))
                elif entry.is_file(follow_symlinks=False) and not _is_ignored(path, ignores):
                    yield path, entry.stat(follow_symlinks=False)
            except OSError:
                # It vanished, or its status can't be read.
                continue


def _is_skipped(name: str) -> bool:
    return name in _BUILD_DIRECTORIES or name in _TOOL_DIRECTORIES or name.endswith(".egg-info")


def _is_ignored(path: str, ignores: _Ignores) -> bool:
    """What the nearest .gitignore with an opinion says."""
    for prefix, spec in ignores:
        verdict = spec.check_file(path[len(prefix) :]).include
        if verdict is not None:
            return verdict
    return False


def _read_ignore(path: str) -> GitIgnoreSpec | None:
    from pathspec import GitIgnoreSpec

    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return GitIgnoreSpec.from_lines(file.read().splitlines())
    except (OSError, ValueError):
        # A pattern that pathspec can't read: git too goes on without it.
        return None
