"""Late look-ups whose warning a test expects: it comes from the moved module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from trackfix.project.loading.test_reach import Lines, TestReach
from trackfix.project.moving.warning_categories import (
    Categories,
    emitted_categories,
    expected_categories,
    may_match,
)
from trackfix.project.references.moves import Moves
from trackfix.project.references.references import ModuleBinding
from trackfix.project.references.watches import expects_a_warning
from trackfix.project.test_paths import is_test_module
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

if TYPE_CHECKING:
    from trackfix.project.moving.movable import FileItems, Item

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_MAY_WATCH = lazy_pattern(rb"(?i)warn|deprecat")


class _Watch(NamedTuple):
    """A place in which a test expects a warning: its line, the lines that may give it if these are
    not all of the function, and the ``expected`` categories."""

    line: int
    within: Lines | None
    expected: Categories


def hold_watched_warnings(files: Sequence[FileItems], moves: Moves) -> None:
    """Give an obstacle to each late look-up in a module that warns, where a test that expects a
    warning may run it: a function that no longer goes through the shim warns no more."""
    late = [(file, item) for file in files for item in file.items if _warns_late(item, moves)]
    if not late:
        return
    tests = TestReach(moves.project)
    emitted = {key: _emitted(key, moves, tests) for key in {item.key for _, item in late}}
    for path in filter(is_test_module, moves.project.facts):
        near = [
            (file, item)
            for file, item in late
            if item.path != path and tests.may_load(path, item.path)
        ]
        for watch in _watches(moves, path) if near else ():
            line = watch.line
            for file, item in near:
                if item.obstacle or not may_match(watch.expected, emitted[item.key]):
                    continue
                if tests.may_run(path, line, item.path, _lines(file, item), watch.within):
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


def _emitted(key: str, moves: Moves, tests: TestReach) -> Categories:
    """The categories that a look-up in a moved module may give, that of another one behind it
    included."""
    path = moves.by_key[key].path
    others = {entry.path for entry in moves.by_key.values()} - {path}
    if not others.isdisjoint(tests.graph.imported(path)):
        return None
    return emitted_categories(moves.project.document(path).tree)


def _watches(moves: Moves, path: str) -> Iterator[_Watch]:
    """Where a test file expects a warning."""
    try:
        if not _MAY_WATCH.search(moves.project.read(path)):
            return
        document = moves.project.document(path)
    except SourceError:
        return
    managers = {
        id(item.context_expr)
        for node in ast.walk(document.tree)
        if isinstance(node, (ast.With, ast.AsyncWith))
        for item in node.items
    }
    for node in ast.walk(document.tree):
        is_code = isinstance(node, (ast.stmt, ast.expr)) and id(node) not in managers
        if is_code and expects_a_warning(node):
            assert isinstance(node, (ast.stmt, ast.expr))
            lines = (node.lineno, node.end_lineno or node.lineno)
            is_whole = isinstance(node, ast.expr) and not _calls_something(node)
            line = document.file_line(node.lineno)
            within = None if is_whole or isinstance(node, _Function) else lines
            yield _Watch(line, within, expected_categories(node))


def _calls_something(node: ast.expr) -> bool:
    """``warns(Category, function)``; without the function, a ``with`` somewhere else gets it."""
    return isinstance(node, ast.Call) and len(node.args) > 1
