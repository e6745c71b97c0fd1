"""What ``trackfix lint`` found, as every report takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from trackfix.lint.finding import Finding


class LintError(NamedTuple):
    """A file that could not be checked; ``message`` is one line with what to do about it."""

    path: str
    line: int | None
    message: str


class RuleInfo(NamedTuple):
    """What reports say of a rule; ``page`` is its page in the manual, in Markdown."""

    code: str
    name: str
    summary: str
    page: str


class FileChange(NamedTuple):
    """What ``codemods`` would make of a file, or have made of it; None: it is removed."""

    path: str
    before: str
    after: str | None
    codemods: tuple[str, ...]


def _no_lines(path: str, line: int) -> str:
    return ""


def _own_columns(finding: Finding) -> tuple[int, int] | None:
    is_notebook = finding.path.endswith(".ipynb")
    return None if is_notebook else (finding.column, finding.end_column)


@dataclass(frozen=True)
class LintReport:
    """The outcome of one run.

    ``line_of`` gives the text of a line of a file, empty if there is no such line. In a notebook
    a finding's line is that of the JSON text and its column that in the code, so it gives the
    line of code. ``columns_of`` gives start and end in the file itself, if they are known.
    ``fixed`` and ``known`` count findings that were mended in this run, and those that the
    baseline holds; neither are among ``findings``.
    """

    findings: tuple[Finding, ...]
    errors: tuple[LintError, ...] = ()
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)
    root: Path = Path()
    version: str = ""
    line_of: Callable[[str, int], str] = _no_lines
    changes: tuple[FileChange, ...] = ()
    fixed: int = 0
    known: int = 0
    columns_of: Callable[[Finding], tuple[int, int] | None] = _own_columns

    @cached_property
    def in_order(self) -> tuple[Finding, ...]:
        """The findings by place, whatever order they were found in."""
        return tuple(sorted(self.findings, key=lambda finding: finding.place))
