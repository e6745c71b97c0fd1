"""Columns in a file, where those of a finding in a notebook are columns in its code.

A notebook has a line of code as a string of JSON, behind blanks and a quote, with escapes in it.
Servers that show a file by its own lines and columns need the place in that string.
"""

from __future__ import annotations

from pathlib import Path

from trackfix.lint.finding import Finding
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern
from trackfix.source.text import decode, read_bytes

_STRING = lazy_pattern(r'\s*"((?:\\.|[^"\\])*)",?\s*')
# One character of the value each; one outside of the basic plane is two escapes.
_CHARACTER = lazy_pattern(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]"
)


class FileColumns:
    """Finds the columns of findings in files below ``base``; ``stdin`` stands for any of them."""

    def __init__(self, base: Path, stdin: bytes | None = None) -> None:
        self._base = base
        self._stdin = stdin
        self._lines: dict[str, list[str]] = {}

    def __call__(self, finding: Finding) -> tuple[int, int] | None:
        """The columns of the start and behind the end; None if they can't be told."""
        if not finding.path.endswith(".ipynb"):
            return finding.column, finding.end_column
        start = self._column(finding.path, finding.line, finding.column)
        end = self._column(finding.path, finding.end_line, finding.end_column)
        return (start, end) if start and end else None

    def _column(self, path: str, line: int, column: int) -> int | None:
        if path not in self._lines:
            self._lines[path] = self._read(path)
        lines = self._lines[path]
        return column_in_json(lines[line - 1], column) if 0 < line <= len(lines) else None

    def _read(self, path: str) -> list[str]:
        try:
            data = read_bytes(self._base / path) if self._stdin is None else self._stdin
            return decode(data, cookie=False).text.split("\n")
        except SourceError:
            return []


def column_in_json(line: str, column: int) -> int | None:
    """The column in a line of JSON of a column of the one string in it; both count from 1."""
    match = _STRING.fullmatch(line)
    if match is None:
        return None
    written = [found[0] for found in _CHARACTER.finditer(match[1])]
    if column > len(written) + 1:
        return None
    return match.start(1) + sum(map(len, written[: column - 1])) + 1
