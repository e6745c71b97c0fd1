"""What one run over a project comes to."""

from __future__ import annotations

from typing import NamedTuple

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintError


class Outcome(NamedTuple):
    """What a run found, what kept it from looking, and what comments suppress."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    errors: tuple[LintError, ...] = ()
