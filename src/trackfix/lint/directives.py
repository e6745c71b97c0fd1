"""Comments that say which findings are meant to stay.

``# trackfix: ignore[TRK201] -- reason``
    Behind code: findings that start in this line or span it. On the first or the last line of a
    statement: findings in all of its lines (of a compound statement, those of the header).
    In a line of its own: the statement directly below with all of its block, or within
    brackets the next line.
``# trackfix: ignore-file[TRK201]``
    In a line of its own without indent, anywhere: the whole file.
``# noqa`` and ``# noqa: TRK201``
    As in flake8: the line, together with those that strings and backslashes join to it.

In the brackets stand codes, names of rules, or the start of a code such as ``TRK2``, separated by
commas. Without them a ``trackfix`` comment has no effect and is reported: what it would hide
tomorrow nobody can know. A notebook's cell that is stored as one string is one line of the file,
so that a comment in it covers the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trackfix.lint.finding import Finding
from trackfix.lint.logical_lines import Comment, Layout, layouts
from trackfix.source.document import Document
from trackfix.source.patterns import lazy_pattern
from trackfix.source.text import LineIndex

IGNORE = "ignore"
IGNORE_FILE = "ignore-file"
NOQA = "noqa"

DIRECTIVE = lazy_pattern(
    r"#[ \t]*trackfix:[ \t]*(?P<kind>ignore[\w-]*)[ \t]*(?:\[(?P<codes>[^\]#]*)\])?"
    r"(?:[ \t]*(?:--|:)[ \t]*(?P<reason>.*?)(?=[ \t]+\#(?!\d)|[ \t]*$))?"
)
_NOQA = lazy_pattern(
    r"#[ \t]*noqa\b(?::\s?(?P<codes>(?:[A-Z]+[0-9]+[,\s]*)+))?",
    re.IGNORECASE,
)
_CODE = lazy_pattern(r"[A-Za-z]+[0-9]+")


class Directive(NamedTuple):
    """One comment that suppresses findings, or would if it had no ``problem``.

    ``codes`` are as written; only a bare ``noqa`` has none, and stands for all. All lines are
    those of the file. ``first`` and ``last`` bound the findings that it may cover; unless it is
    ``whole`` they must also start in the comment's line or span it.
    """

    kind: str
    codes: tuple[str, ...]
    reason: str
    line: int
    column: int
    end_column: int
    first: int
    last: int
    whole: bool
    problem: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is in the lines that are meant, whatever its code."""
        if self.problem:
            return False
        if self.kind == IGNORE_FILE:
            return True
        if not self.first <= finding.line <= self.last:
            return False
        return self.whole or finding.line <= self.line <= finding.end_line


def may_have_directives(data: bytes) -> bool:
    """Whether it is worth looking for directives in a file with these bytes."""
    return b"trackfix:" in data or b"noqa" in data.lower()


def find_directives(document: Document) -> tuple[Directive, ...]:
    """All directives of a file, in order; one that can't be parsed may have some too."""
    if not may_have_directives(document.data):
        return ()
    lines = LineIndex(document.text)
    return tuple(
        directive
        for layout in layouts(document, lines)
        for comment in layout.comments
        for directive in _Reader(document, lines, layout, comment).directives()
    )


def file_line(document: Document, lines: LineIndex, line: int) -> int:
    """The line in the file, from 1, of a line of the document's text, from 0."""
    if not document.is_notebook:
        return line + 1
    number = document.cell_of(lines.offset(line + 1, 0))
    first = lines.position(document.cell_starts[number])[0] - 1
    return document.line_in_cell(document.cells[number], line - first)


class _Reader:
    """Reads the directives of one comment."""

    def __init__(
        self, document: Document, lines: LineIndex, layout: Layout, comment: Comment
    ) -> None:
        self.document = document
        self.lines = lines
        self.layout = layout
        self.comment = comment
        self.text = document.text[comment.start : comment.end]
        self.column = lines.position(comment.start)[1]
        self.inside = layout.logical_at(comment.line)

    def directives(self) -> Iterator[Directive]:
        for found in DIRECTIVE.finditer(self.text):
            kind, reason = found["kind"], found["reason"] or ""
            codes = tuple(part for part in re.split(r"[,\s]+", found["codes"] or "") if part)
            yield self.made(found, kind, codes, self.scope(), reason, self.problem(kind, codes))
        for found in _NOQA.finditer(self.text):
            codes = tuple(_CODE.findall(found["codes"] or ""))
            yield self.made(found, NOQA, codes, (*self.layout.joined(self.comment.line), True))

    def made(
        self,
        found: re.Match[str],
        kind: str,
        codes: tuple[str, ...],
        scope: tuple[int, int, bool],
        reason: str = "",
        problem: str = "",
    ) -> Directive:
        column = self.column + found.start()
        first, last, whole = scope
        return Directive(
            kind,
            codes,
            reason,
            file_line(self.document, self.lines, self.comment.line),
            column,
            column + len(found[0].rstrip()),
            file_line(self.document, self.lines, first),
            file_line(self.document, self.lines, last),
            whole,
            problem,
        )

    def problem(self, kind: str, codes: tuple[str, ...]) -> str:
        if kind not in (IGNORE, IGNORE_FILE):
            return f"there is no '{kind}'; write ignore[CODE] or ignore-file[CODE]"
        if not codes:
            return f"it names no rule; write {kind}[CODE]"
        indented = self.inside is not None or not self.comment.alone or self.column > 1
        if kind == IGNORE_FILE and indented:
            return "ignore-file must stand in a line of its own without indent"
        return ""

    def scope(self) -> tuple[int, int, bool]:
        """First and last line of what an ``ignore`` speaks of, and whether it is all of it."""
        line = self.comment.line
        if self.inside is not None:
            statement = self.layout.logical[self.inside]
            if self.comment.alone:
                return line, self.next_code(line, statement.last), True
            return statement.first, statement.last, line in (statement.first, statement.last)
        following = self.layout.logical_at(self.next_code(line, self.layout.last))
        return line, line if following is None else self.layout.block_end(following), True

    def next_code(self, line: int, last: int) -> int:
        """The line below a comment, other comments left out."""
        comments = {comment.line for comment in self.layout.comments if comment.alone}
        below = line + 1
        while below in comments and below < last:
            below += 1
        return below
