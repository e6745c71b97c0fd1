"""Planned contents of files as the replacements of a SARIF fix."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import FileChange

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Fixes:
    """The replacements for each finding that one of the changes mends.

    They make all of the file's change and not only the lines of the finding: the import that a
    mended line needs stands elsewhere. So whoever takes one fix of a file has taken them all.
    """

    def __init__(self, changes: Sequence[FileChange]) -> None:
        self._changes = {change.path: change for change in changes if change.after is not None}
        self._made: dict[str, list[dict[str, Any]]] = {}

    def of(self, finding: Finding) -> list[dict[str, Any]]:
        """What mends a finding; empty when no change is planned that does."""
        change = self._changes.get(finding.path)
        if change is None or finding.fix is None or finding.fix.codemod not in change.codemods:
            return []
        if finding.path not in self._made:
            self._made[finding.path] = list(replacements(change.before, change.after or ""))
        return self._made[finding.path]


def replacements(before: str, after: str) -> Iterator[dict[str, Any]]:
    """What to replace to get from one text to the other, by whole lines, in order."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        region = {
            **_position(old, start, "startLine", "startColumn"),
            **_position(old, end, "endLine", "endColumn"),
        }
        inserted = "".join(new[new_start:new_end])
        text = {"insertedContent": {"text": inserted}} if inserted else {}
        yield {"deletedRegion": region, **text}


def _position(lines: Sequence[str], index: int, line: str, column: str) -> dict[str, int]:
    """Where the line of an index starts; after the last one, where the text ends."""
    if index < len(lines) or not lines or lines[-1].endswith(("\r", "\n")):
        return {line: index + 1, column: 1}
    return {line: index, column: len(lines[-1]) + 1}
