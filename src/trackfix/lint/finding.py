"""What a rule reports. Plain data, as reports, caches and baselines take it."""

from __future__ import annotations

from typing import NamedTuple


class Fix(NamedTuple):
    """What would mend a finding: a codemod, and whether that is ``safe`` or ``unsafe``.

    ``is_judged`` says that the rule knows by itself what the codemod leaves alone.
    """

    codemod: str
    safety: str
    message: str
    is_judged: bool = False


class Related(NamedTuple):
    """Another place that a finding is about; ``role`` says what it is to it."""

    path: str
    line: int
    end_line: int
    role: str
    message: str


class Note(NamedTuple):
    """One more thing to know of a finding, in a few words behind a ``label``."""

    label: str
    text: str


class Finding(NamedTuple):
    """One thing that a rule reports.

    Lines and columns count from 1, columns in characters, the end is behind the last character.
    ``path`` is relative to the project, with forward slashes. ``message`` is one line: what is
    wrong, and the evidence. ``confidence`` is between 0 and 1.
    """

    code: str
    name: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    confidence: float = 1.0
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def place(self) -> tuple[str, int, int, str]:
        """What findings are sorted by."""
        return self.path, self.line, self.column, self.code
