"""Writes ``# trackfix: ignore[CODE]`` to the lines of findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trackfix.lint.directives import DIRECTIVE, IGNORE, IGNORE_FILE, file_line, find_directives
from trackfix.lint.finding import Finding
from trackfix.lint.logical_lines import Layout, layouts
from trackfix.lint.suppressions import matches
from trackfix.source.document import Document, Edit
from trackfix.source.patterns import lazy_pattern
from trackfix.source.text import LineIndex

_TO_LINE_END = lazy_pattern(r"[^\r\n]*")
_LINE = lazy_pattern(r"[^\r\n]*(?:\r\n|[\r\n])?")
_COOKIE = lazy_pattern(r"[ \t\f]*#.*?coding[:=]")
# What the system, and Databricks, take a file for by the first line, which must be just so.
# https://docs.databricks.com/en/notebooks/notebook-export-import.html
_FIRST_LINES = ("#!", "# Databricks notebook source")


def add_ignores(document: Document, findings: Sequence[Finding]) -> bytes:
    """The file with a comment for each of its findings that no comment covers yet.

    It goes to the line where the finding starts; if a string or a backslash goes on from there,
    to the end of the finding or of the statement. A comment of the same kind gets the code added.
    What has no line of its own that could take a comment is suppressed for the whole file.

    Raises:
        SourceError: the file's encoding lacks a character of the comment.
    """
    directives = find_directives(document)
    missing = [
        finding
        for finding in sorted(findings, key=lambda finding: finding.place)
        if not any(
            directive.covers(finding) and matches(item, finding.code, finding.name)
            for directive in directives
            for item in directive.codes or ("",)
        )
    ]
    return document.with_edits(list(_Writer(document).edits(missing))) if missing else document.data


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = LineIndex(document.text)
        self.layouts = list(layouts(document, self.lines))
        self.comments = {c.line: c for layout in self.layouts for c in layout.comments}
        self.text_lines: dict[int, list[int]] = {}
        for layout in self.layouts:
            for line in range(layout.first, layout.last + 1):
                place = file_line(document, self.lines, line)
                self.text_lines.setdefault(place, []).append(line)

    def edits(self, findings: Sequence[Finding]) -> Iterator[Edit]:
        wanted: dict[int, dict[str, None]] = {}
        everywhere: dict[str, None] = {}
        for finding in findings:
            line = self.line_for(finding)
            codes = everywhere if line is None else wanted.setdefault(line, {})
            codes[finding.code] = None
        if everywhere:
            yield from self.for_file(", ".join(everywhere))
        for line, codes in wanted.items():
            yield self.for_line(line, ", ".join(codes))

    def line_for(self, finding: Finding) -> int | None:
        """The line of text that gets the comment, None if there is none."""
        candidates = self.text_lines.get(finding.line, [])
        for line in sorted(candidates, key=lambda line: not self.is_long_enough(line, finding)):
            layout = next(found for found in self.layouts if found.first <= line <= found.last)
            number = layout.logical_at(line)
            if number is not None:
                statement = layout.logical[number]
                ends = self.text_lines.get(finding.end_line, candidates)[:1]
                inner = [end for end in ends if line < end < statement.last]
                places: Sequence[int] = (line, *inner, statement.last)
            else:
                places = (line,) if line or not self.document.text.startswith(_FIRST_LINES) else ()
            for place in places:
                if self.is_free(layout, place):
                    return place
        return None

    def is_long_enough(self, line: int, finding: Finding) -> bool:
        """In a cell of a notebook that is one line of the file, this tells its lines apart."""
        start, end = self.span(line)
        return end - start >= finding.column

    def is_free(self, layout: Layout, line: int) -> bool:
        start, end = self.span(line)
        same = self.document.text[start:end] == self.document.code[start:end]
        return same and line not in layout.open_lines

    def span(self, line: int) -> tuple[int, int]:
        """Where a line of text starts and ends, without its line break."""
        start = self.lines.offset(line + 1, 0)
        found = _TO_LINE_END.match(self.document.text, start)
        return start, found.end() if found else start

    def for_line(self, line: int, codes: str) -> Edit:
        start, end = self.span(line)
        comment = self.comments.get(line)
        if comment is not None:
            text = self.document.text[comment.start : comment.end]
            for found in DIRECTIVE.finditer(text):
                if found["kind"] == IGNORE and found["codes"] is None:
                    place = comment.start + found.end("kind")
                    return Edit(place, place, f"[{codes}]")
                if found["kind"] == IGNORE:
                    listed = found["codes"].rstrip(" \t,")
                    place = comment.start + found.start("codes") + len(listed)
                    inserted = f", {codes}" if listed.strip() else codes
                    return Edit(place, place, inserted)
        code = self.document.text[start:end].rstrip(" \t")
        return Edit(
            start + len(code) if code else end,
            end,
            f"{'  ' if code else ''}# trackfix: {IGNORE}[{codes}]",
        )

    def for_file(self, codes: str) -> Iterator[Edit]:
        comment = f"# trackfix: {IGNORE_FILE}[{codes}]"
        newline = self.document.newline
        if self.document.is_notebook:
            ends = [self.span(layout.last)[1] for layout in self.layouts if self.is_plain(layout)]
            yield from (Edit(end, end, newline + comment) for end in ends[:1])
            return
        text = self.document.text
        place = _header_end(text)
        is_after = place == len(text) and not text.endswith(("\r", "\n")) and text
        yield Edit(place, place, newline + comment if is_after else comment + newline)

    def is_plain(self, layout: Layout) -> bool:
        """Whether a cell is nothing but Python, and whole."""
        start, end = self.span(layout.first)[0], self.span(layout.last)[1]
        same = self.document.text[start:end] == self.document.code[start:end]
        return same and layout.last not in layout.open_lines


def _header_end(text: str) -> int:
    """Where the lines end that must stay on top: the first one of scripts and of notebooks, and
    the coding cookie."""
    end = position = 0
    for number in range(2):
        found = _LINE.match(text, position)
        line = found[0] if found else ""
        position += len(line)
        if _COOKIE.match(line) or (number == 0 and line.startswith(_FIRST_LINES)):
            end = position
        if line.strip() and not line.lstrip().startswith("#"):
            break
    return end
