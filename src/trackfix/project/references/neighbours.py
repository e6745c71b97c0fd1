"""Files of the repository, outside of the project, that name a moved module."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.source import git


def named_by_neighbours(project: Project, moves: Moves) -> Iterator[tuple[str, str, int]]:
    """The key of each shim that a file of the work tree names, outside of the project's folder,
    with the path of the file from there, and a line: where several projects share a repository,
    they may import from each other.

    It goes by words: the last two parts of the name, dotted, as a path, or as
    ``from package import module``.
    """
    patterns = {
        entry.path: re.compile("|".join(map(_pattern, moves.names_of(entry))).encode())
        for entry in moves.by_key.values()
        if not entry.virtual
    }
    words = {name.rpartition(".")[2] for e in moves.by_key.values() for name in moves.names_of(e)}
    for path in git.files_beside(project.root, sorted(words)) if patterns else ():
        try:
            data = Path(os.path.join(project.root, path)).read_bytes()
        except OSError:
            continue
        for key, pattern in patterns.items():
            match = pattern.search(data)
            if match is not None:
                yield key, path, data.count(b"\n", 0, match.start()) + 1


def _pattern(name: str) -> str:
    """Text that may mean a module of this name, be it relative to another one."""
    *_, package, word = ("", *map(re.escape, name.split(".")))
    if not package:
        return rf"\b(?:import|from)\b[^\n]*\b{word}\b|[\"']{word}\b"
    return rf"\b{package}[./]{word}\b|\b{package}\s+import\b(?s:(?:\s*\([^)]*|[^\n(]*))\b{word}\b"
