"""Statements, comments and line ends of a file, found without parsing it.

That is enough to say which lines a comment speaks of, works on what the running interpreter
can't parse, and costs a fraction of the syntax tree.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from trackfix.source.document import Document
from trackfix.source.fstrings import lower_fstrings
from trackfix.source.lexing import TOKEN, string_end
from trackfix.source.patterns import lazy_pattern
from trackfix.source.text import LineIndex

_LEAD = lazy_pattern(r"[ \t\f]*")
_WORD = lazy_pattern(r"@|\w*")
# These only go on with the statement above them.
_CLAUSES = frozenset({"elif", "else", "except", "finally"})


class Comment(NamedTuple):
    """A comment of Python; ``alone`` if nothing else is in its line."""

    start: int
    end: int
    line: int
    alone: bool


class LogicalLine(NamedTuple):
    """A simple statement, or the header of a compound one, with the lines it takes."""

    first: int
    last: int
    indent: int
    word: str


@dataclass(slots=True)
class Layout:
    """One file, or one cell of a notebook. Lines count from 0 in the document's ``text``.

    ``open_lines`` are those that end inside a string or in a backslash, so that no comment can
    be put there.
    """

    first: int
    last: int = 0
    comments: list[Comment] = field(default_factory=list)
    logical: list[LogicalLine] = field(default_factory=list)
    open_lines: set[int] = field(default_factory=set)

    def logical_at(self, line: int) -> int | None:
        """The index of the logical line that a line is part of."""
        number = bisect_right(self.logical, line, key=lambda found: found.first) - 1
        return number if number >= 0 and line <= self.logical[number].last else None

    def block_end(self, number: int) -> int:
        """The last line of the statement that starts with a logical line, its block and the
        clauses that go on with it included."""
        start = self.logical[number]
        last = start.last
        decorated = start.word == "@"
        for line in self.logical[number + 1 :]:
            if line.indent < start.indent:
                break
            if line.indent == start.indent:
                if decorated:
                    decorated = line.word == "@"
                elif line.word not in _CLAUSES or start.word in _CLAUSES:
                    break
            last = line.last
        return last

    def joined(self, line: int) -> tuple[int, int]:
        """The first and last of the lines that strings and backslashes make one of."""
        first = last = line
        while first - 1 in self.open_lines:
            first -= 1
        while last in self.open_lines:
            last += 1
        return first, last


def layouts(document: Document, lines: LineIndex) -> Iterator[Layout]:
    """The layout of a file, or those of a notebook's cells; ``lines`` are those of its text."""
    if document.is_notebook:
        starts = zip(document.cell_starts, document.cells, strict=True)
        spans = [(start, start + len(cell.source)) for start, cell in starts]
    else:
        spans = [(0, len(document.code))]
    for start, end in spans:
        yield _Scan(document, lines, start, end).layout


class _Scan:
    def __init__(self, document: Document, lines: LineIndex, start: int, end: int) -> None:
        self.text = document.text[start:end]
        self.code = document.code[start:end]
        self.base = start
        self.lines = lines
        self.layout = Layout(self.line(0))
        self.scan(lower_fstrings(self.code) or self.code)
        self.layout.last = self.line(len(self.code))

    def line(self, offset: int) -> int:
        return self.lines.position(self.base + offset)[0] - 1

    def scan(self, code: str) -> None:
        depth = formatted = position = begin = 0
        while found := TOKEN.search(code, position):
            start, position = found.span()
            kind = found.lastgroup
            if kind == "comment":
                self.comment(start, position)
            elif kind == "quote":
                position = string_end(code, position, found[0]) or position
                self.layout.open_lines.update(range(self.line(start), self.line(position)))
            elif kind in ("open", "close"):
                step = 1 if kind == "open" else -1
                depth = max(depth + step, 0)
                # A bracket that isn't in the file is where an f-string starts or ends.
                if code[start] != self.code[start]:
                    formatted += step
            elif kind == "joined" or (kind == "newline" and formatted):
                self.layout.open_lines.add(self.line(start))
            elif kind == "newline" and depth == 0:
                self.logical(begin, start)
                begin = position
        self.logical(begin, len(code))

    def comment(self, start: int, end: int) -> None:
        # What is masked in a notebook has a comment sign only in ``code``.
        if self.text[start] == "#":
            line, column = self.lines.position(self.base + start)
            alone = not self.text[start - column + 1 : start].strip(" \t\f")
            comment = Comment(self.base + start, self.base + end, line - 1, alone)
            self.layout.comments.append(comment)

    def logical(self, start: int, end: int) -> None:
        lead = _LEAD.match(self.code, start, end)
        begin = lead.end() if lead else start
        if begin == end or self.code[begin] == "#":
            return
        white = self.code[start:begin].rpartition("\f")[2]
        word = _WORD.match(self.code, begin)
        self.layout.logical.append(
            LogicalLine(
                self.line(start),
                self.line(end),
                len(white.expandtabs()),
                word[0] if word else "",
            )
        )
