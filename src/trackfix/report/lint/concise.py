"""One line for each finding, as compilers write them and editors read them."""

from __future__ import annotations

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintReport
from trackfix.report.lint.text import summary
from trackfix.report.lint.words import mark
from trackfix.report.words import printable


def render(report: LintReport) -> str:
    """``path:line:column: CODE [*] message`` for each, and the summary of the text report."""
    lines = [_line(finding) for finding in report.in_order]
    lines += [
        f"{printable(e.path)}:{e.line or 1}:1: error: {printable(e.message)}" for e in report.errors
    ]
    return "\n".join([*lines, *summary(report)])


def _line(finding: Finding) -> str:
    place = f"{printable(finding.path)}:{finding.line}:{finding.column}"
    code = f"{finding.code}{mark(finding)}"
    return f"{place}: {code} {printable(finding.message)}{_left(finding)}"


def _left(finding: Finding) -> str:
    """Why ``--fix`` alone leaves a finding that has a fix, and what more would do."""
    fix = finding.fix
    if fix is None or fix.safety == "safe":
        return ""
    return f"; left to --unsafe-fixes: {printable(fix.message)}"
