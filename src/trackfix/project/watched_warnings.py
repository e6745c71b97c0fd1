"""Late look-ups whose warning a test expects: it comes from the moved module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trackfix.project.moves import Moves
from trackfix.project.references import ModuleBinding
from trackfix.project.test_paths import is_test_module
from trackfix.project.test_reach import TestReach
from trackfix.project.watches import expects_a_warning
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

if TYPE_CHECKING:
    from trackfix.project.movable import FileItems, Item

_MAY_WATCH = lazy_pattern(rb"(?i)warn|deprecat")


def hold_watched_warnings(files: Sequence[FileItems], moves: Moves) -> None:
    """Give an obstacle to each late look-up in a module that warns, where a test that expects a
    warning may run it: a function that no longer goes through the shim warns no more."""
    late = [(file, item) for file in files for item in file.items if _warns_late(item, moves)]
    if not late:
        return
    tests = TestReach(moves.project)
    for path in filter(is_test_module, moves.project.facts):
        near = [
            (file, item)
            for file, item in late
            if item.path != path and tests.may_load(path, item.path)
        ]
        for line in _watches(moves, path) if near else ():
            for file, item in near:
                if item.obstacle:
                    continue
                if tests.may_run(path, line, item.path, _lines(file, item)):
                    item.obstacle = (
                        f"{path}:{line} expects a warning, which may be that of the shim"
                    )


def _warns_late(item: Item, moves: Moves) -> bool:
    entry = moves.by_key.get(item.key)
    facts = moves.project.facts.get(entry.path) if entry is not None else None
    if not item.late or item.obstacle or facts is None:
        return False
    try:
        return b"warn" in moves.project.read(facts.path)
    except SourceError:
        return False


def _lines(file: FileItems, item: Item) -> list[int]:
    if not isinstance(item.subject, ModuleBinding):
        return [item.line]
    return [file.document.place(use.use.start)[0] for use in item.subject.uses] or [item.line]


def _watches(moves: Moves, path: str) -> Iterator[int]:
    """The lines of a test file in which it begins to expect a warning."""
    try:
        if not _MAY_WATCH.search(moves.project.read(path)):
            return
        document = moves.project.document(path)
        for node in ast.walk(document.tree):
            if isinstance(node, (ast.stmt, ast.expr)) and expects_a_warning(node):
                yield document.place(document.span(node)[0])[0]
    except SourceError:
        return
