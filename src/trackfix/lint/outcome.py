"""What one run over a project comes to."""

from __future__ import annotations

from dataclasses import dataclass

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found, what kept it from looking, and what comments suppress."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    errors: tuple[LintError, ...] = ()
