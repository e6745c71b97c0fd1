"""The groups of a project with all that a report shows of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.groups.alignment import Pair, aligned
from trackfix.project.run_logic.groups.group import Copy, Group
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

_LINE_END = lazy_pattern(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, its number from 1, without what ends it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A copy beside ``base``, the piece that it is shown with: that of the source of truth, else
    another copy, None for the first of those whose source of truth is not in the project."""

    base: Fragment | None
    pairs: tuple[Pair, ...]


class Catalogue:
    """Everything that a project does more than once with MLflow's runs."""

    def __init__(self, duplicates: Duplicates) -> None:
        self._duplicates = duplicates
        self._lines: dict[str, list[Line]] = {}
        # For each line of a file the lines of the simple statement around it.
        self._spans: dict[str, dict[int, tuple[int, int]]] = {}

    @cached_property
    def groups(self) -> Sequence[Group]:
        """The groups, by kind and the place of the first copy."""
        return self._duplicates.groups

    def comparison(self, group: Group, copy: Copy) -> Comparison:
        """A copy of a group step by step beside another piece."""
        first = group.copies[0]
        base = copy.step or (None if copy is first else first.fragment)
        if base is None:
            return Comparison(None, aligned(copy.fragment.steps, ()))
        return Comparison(base, aligned(copy.fragment.steps, base.steps))

    def function_lines(self, fragment: Fragment) -> tuple[int, int] | None:
        """The first and the last line of the function that a piece is in; None for the module's
        own body."""
        functions = self._duplicates.by_file(fragment.path).functions
        return next(
            ((f.first, f.last) for f in functions if f.name and f.name == fragment.function), None
        )

    def code(self, fragment: Fragment) -> list[Line]:
        """The lines of all statements of a piece; empty if the file can't be read any more."""
        lines = self._read(fragment.path)
        spans = self._spans[fragment.path]
        first, _ = spans.get(fragment.first, (fragment.first, 0))
        _, last = spans.get(fragment.last, (0, fragment.last))
        return [line for line in lines if first <= line.number <= last]

    def _read(self, path: str) -> list[Line]:
        """The lines of a file; of a notebook, those of its code, by the lines of its JSON text."""
        if path in self._lines:
            return self._lines[path]
        spans = self._spans[path] = {}
        try:
            document = self._duplicates.project.document(path)
            if document.is_notebook:
                lines = [
                    Line(document.line_in_cell(cell, number), text)
                    for cell in document.cells
                    for number, text in enumerate(cell.source.split("\n"))
                ]
            else:
                texts = _LINE_END.split(document.source.text)
                lines = [Line(number, text) for number, text in enumerate(texts, 1)]
                for node in ast.walk(document.tree):
                    is_simple = not (hasattr(node, "body") or isinstance(node, ast.Match))
                    if is_simple and isinstance(node, ast.stmt):
                        span = node.lineno, node.end_lineno or node.lineno
                        spans.update(dict.fromkeys(range(span[0], span[1] + 1), span))
        except SourceError:
            lines = []
        self._lines[path] = lines
        return lines
