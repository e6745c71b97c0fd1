"""Pickles that name a moved module: whoever loads one imports the module by that name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain

from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.source.errors import SourceError
from trackfix.source.packed import unpacked
from trackfix.source.patterns import lazy_pattern

_BYTES = lazy_pattern(rb"\b(?:[bB][rR]?|[rR][bB])['\"]")


def find_pickled_names(project: Project, moves: Moves) -> Iterator[tuple[str, str, int]]:
    """Key of the module, path and line for each pickle that names a moved module: a file of its
    own, or a bytes literal in Python code."""
    keys: dict[bytes, list[str]] = {}
    for key, entry in moves.by_key.items():
        for name in (*moves.names_of(entry), *moves.names_beside(entry)):
            keys.setdefault(name.encode(), []).append(key)
    if not keys:
        return
    pattern = re.compile(b"|".join(map(_spellings, keys)), re.DOTALL)

    def named(data: bytes) -> set[str]:
        found = (keys[next(filter(None, match.groups()))] for match in pattern.finditer(data))
        return set(chain.from_iterable(found))

    for path in project.pickles:
        found = [named(data) for data in unpacked(project.read_if_possible(path))]
        for key in sorted(set().union(*found)):
            yield key, path, 1
    for path in project.facts:
        data = project.read_if_possible(path)
        if not (any(name in data for name in keys) and _BYTES.search(data)):
            continue
        try:
            document = project.document(path)
        except SourceError:
            continue
        for node in ast.walk(document.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
                for key in sorted(named(node.value)):
                    yield key, path, document.file_line(node.lineno)


def _spellings(name: bytes) -> bytes:
    """A pattern for a module's name as the opcodes GLOBAL, SHORT_BINUNICODE and BINUNICODE write
    it.

    https://github.com/python/cpython/blob/main/Lib/pickletools.py
    """
    escaped = b"(" + re.escape(name) + b")"
    short = re.escape(b"\x8c" + bytes([len(name)])) if len(name) < 256 else b"(?!)"
    long = re.escape(b"X" + len(name).to_bytes(4, "little"))
    return b"c%s\\n|%s%s|%s%s" % (escaped, short, escaped, long, escaped)
