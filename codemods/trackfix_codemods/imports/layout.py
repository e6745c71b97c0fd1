"""Where imports stand in a file: their lines, their blocks, and isort's sections."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trackfix.project.facts.expressions import written_module
from trackfix.source.document import Document, Edit
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import suite_of
from trackfix_codemods.imports.changes import Statement

_NEWLINE = lazy_pattern(r"\r\n?|\n")
# https://pycqa.github.io/isort/docs/configuration/options.html#sections
SECTIONS = ("future", "standard", "third", "first", "local")


@dataclass(slots=True)
class ImportLine:
    """One import of a block being put together: its code, the comment behind it, and what it
    sorts by. ``fresh`` ones may be joined. ``alias_of`` is the name that it gives another name,
    if it does no more than that; ``member`` is the first name that it imports. ``newline`` ends
    its line, if the file has newlines of several kinds."""

    code: str
    module: str
    is_from: bool
    fresh: bool = False
    tail: str = ""
    alias_of: str = ""
    member: str = ""
    newline: str = ""

    @property
    def key(self) -> tuple[bool, str, str]:
        return self.is_from, self.module, self.member


class ImportLayout:
    """Tells how the imports of one document lie in its text."""

    def __init__(
        self,
        document: Document,
        parents: dict[ast.AST, ast.AST],
        is_first_party: Callable[[str], bool],
    ) -> None:
        self.document = document
        self.parents = parents
        self.is_first_party = is_first_party
        self.newline = document.newline
        self.text = document.text

    def code(self, node: ast.stmt) -> str:
        """The text of a statement."""
        start, end = self.document.span(node)
        return self.text[start:end]

    def indent(self, node: ast.stmt) -> str:
        """The white space before a statement that stands alone."""
        return self.text[self.line_start(node) : self.document.span(node)[0]]

    def same_cell(self, left: ast.stmt, right: ast.stmt) -> bool:
        """Whether two statements stand in one cell of a notebook; always so elsewhere."""
        cells = [self.document.cell_of(self.document.span(node)[0]) for node in (left, right)]
        return cells[0] == cells[1]

    def suite(self, node: ast.stmt) -> list[ast.stmt]:
        """The list of statements that ``node`` stands in."""
        return suite_of(node, self.parents)

    def is_in_function(self, node: ast.stmt) -> bool:
        """Whether a statement runs only when a function is called."""
        above = self.parents.get(node)
        while above is not None and not isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            above = self.parents.get(above)
        return above is not None

    def line_start(self, node: ast.stmt) -> int:
        start = self.document.span(node)[0]
        return max(self.text.rfind("\n", 0, start), self.text.rfind("\r", 0, start)) + 1

    def line_end(self, node: ast.stmt) -> int:
        """Where the line that ``node`` ends on ends, its newline left out."""
        position = self.document.span(node)[1]
        while position < len(self.text) and self.text[position] not in "\r\n":
            position += 1
        return position

    def is_alone(self, node: ast.stmt) -> bool:
        """Whether nothing but a comment shares the lines of a statement."""
        start, end = self.document.span(node)
        before = self.text[self.line_start(node) : start]
        after = self.text[end : self.line_end(node)].strip()
        return not before.strip() and (not after or after.startswith("#"))

    def runs(self, suite: list[ast.stmt]) -> Iterator[list[Statement]]:
        """Imports on lines of their own with nothing between them; others stand alone."""
        run: list[Statement] = []
        for node in suite:
            joins = (
                bool(run)
                and self.same_cell(node, run[-1])
                and self.is_alone(node)
                and self.is_alone(run[-1])
                and self._is_next_line(self.line_end(run[-1]), self.document.span(node)[0])
            )
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                joins = False
            if run and not joins:
                yield run
                run = []
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                run.append(node)
        if run:
            yield run

    def _is_next_line(self, end: int, start: int) -> bool:
        """Whether nothing but one newline, of whatever kind, and white space lies between."""
        between = self.text[end:start]
        return not between.strip() and len(_NEWLINE.findall(between)) <= 1

    def line_of(self, node: Statement) -> ImportLine:
        start, end = self.document.span(node)
        line_end = self.line_end(node)
        code, tail = self.text[start:end], self.text[end:line_end]
        found = _NEWLINE.match(self.text, line_end)
        newline = found.group() if found else ""
        if isinstance(node, ast.ImportFrom):
            only = node.names[0] if len(node.names) == 1 else None
            alias_of = only.name if only is not None and only.asname else ""
            module = written_module(node)
            member = node.names[0].name
            return ImportLine(
                code, module, True, tail=tail, alias_of=alias_of, member=member, newline=newline
            )
        return ImportLine(code, node.names[0].name, False, tail=tail, newline=newline)

    def import_before(self, use: int, module: str) -> Statement | None:
        """The import at the top, before the first function or class, that a new one of ``module``
        is put beside so that it is there at offset ``use``: best one of the same section."""
        leading: list[Statement] = []
        for node in self.document.tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                break
            if self.document.span(node)[1] <= use and isinstance(
                node, (ast.Import, ast.ImportFrom)
            ):
                leading.append(node)
        section = self.section(module)
        same = [node for node in leading if self.section(self.line_of(node).module) == section]
        return (same or leading)[-1] if leading else None

    def section(self, module: str) -> str:
        if module.startswith("."):
            return "local"
        top = module.partition(".")[0]
        if top == "__future__":
            return "future"
        if self.is_first_party(top):
            return "first"
        return "standard" if top in sys.stdlib_module_names else "third"

    def section_of(self, run: list[Statement]) -> str | None:
        """The section of isort's that a run is, None when it is a mixture or no block."""
        lines = [self.line_of(node) for node in run]
        sections = {self.section(line.module) for line in lines}
        return sections.pop() if len(sections) == 1 and self.is_alone(run[0]) else None

    def deletion(self, run: Sequence[ast.stmt]) -> Edit:
        """Take whole lines away, and the blank line behind them where it would meet another one or
        begin a block."""
        start, end = self.line_start(run[0]), self.line_end(run[-1])
        first, last = self.document.bounds_at(start)
        if end == last and start > first:
            # The line before is the last one now, and ends as this one did: without a line end.
            return Edit(start - (2 if self.text.endswith("\r\n", 0, start) else 1), end, "")
        end = self._after_newline(end)
        before = self.text[:start]
        is_first = run[0] is self.suite(run[0])[0] and before.rstrip().endswith(":")
        needless = not before or before.endswith(self.newline * 2) or is_first
        if needless and self.text.startswith(self.newline, end):
            end += len(self.newline)
        return Edit(start, end, "")

    def _after_newline(self, offset: int) -> int:
        if self.text.startswith("\r\n", offset):
            return offset + 2
        return min(offset + 1, len(self.text))
