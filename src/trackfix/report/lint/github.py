"""Workflow commands that GitHub Actions shows as annotations of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintReport
from trackfix.report.lint.words import describe_fix

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: LintReport) -> str:
    """An ``::error`` for each finding; nothing when there is none."""
    lines = [_finding(finding, report) for finding in report.in_order]
    lines += [
        _command(
            {"file": e.path, **({"line": e.line} if e.line else {}), "title": "trackfix"}, e.message
        )
        for e in report.errors
    ]
    return "\n".join(lines)


def _finding(finding: Finding, report: LintReport) -> str:
    # GitHub takes columns only of what is in one line.
    columns = report.columns_of(finding) if finding.line == finding.end_line else None
    properties: dict[str, object] = {
        "file": finding.path,
        "line": finding.line,
        **({"col": columns[0]} if columns else {}),
        "endLine": finding.end_line,
        **({"endColumn": columns[1]} if columns else {}),
        "title": f"{finding.code} {finding.name}",
    }
    fix = f"\nfix: {describe_fix(finding.fix)}" if finding.fix is not None else ""
    return _command(properties, finding.message + fix)


def _command(properties: dict[str, object], message: str) -> str:
    listed = ",".join(f"{k}={str(v).translate(_PROPERTY)}" for k, v in properties.items())
    return f"::error {listed}::{message.translate(_DATA)}"
