"""Workflow commands that GitHub Actions shows as annotations of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintReport
from trackfix.report.lint.words import describe_fix, has_columns

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: LintReport) -> str:
    """An ``::error`` for each finding; nothing when there is none."""
    lines = [_finding(finding) for finding in report.in_order]
    lines += [
        _command(
            {"file": e.path, **({"line": e.line} if e.line else {}), "title": "trackfix"}, e.message
        )
        for e in report.errors
    ]
    return "\n".join(lines)


def _finding(finding: Finding) -> str:
    # GitHub takes columns only of what is in one line.
    one_line = finding.line == finding.end_line and has_columns(finding)
    properties: dict[str, object] = {
        "file": finding.path,
        "line": finding.line,
        **({"col": finding.column} if one_line else {}),
        "endLine": finding.end_line,
        **({"endColumn": finding.end_column} if one_line else {}),
        "title": f"{finding.code} {finding.name}",
    }
    fix = f"\nfix: {describe_fix(finding.fix)}" if finding.fix is not None else ""
    return _command(properties, finding.message + fix)


def _command(properties: dict[str, object], message: str) -> str:
    listed = ",".join(f"{k}={str(v).translate(_PROPERTY)}" for k, v in properties.items())
    return f"::error {listed}::{message.translate(_DATA)}"
