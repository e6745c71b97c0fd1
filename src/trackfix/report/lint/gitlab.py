"""A Code Quality report for GitLab's merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
It is a part of Code Climate's issues, whose descriptions are one line of text.
"""

from __future__ import annotations

import json
from typing import Any

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintError, LintReport
from trackfix.report.lint.fingerprints import digest, fingerprints
from trackfix.report.words import printable

_LIKELY = 0.8


def render(report: LintReport) -> str:
    """A list of issues. GitLab tells by the fingerprints which of them a branch adds."""
    findings = report.in_order
    prints = fingerprints(report)
    issues = [_issue(f, print_) for f, print_ in zip(findings, prints, strict=True)]
    issues += [_error(error) for error in report.errors]
    return json.dumps(issues, indent=2, ensure_ascii=False)


def _issue(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "description": printable(f"{finding.code} {finding.message}"),
        "check_name": finding.name,
        "fingerprint": fingerprint,
        "severity": "major" if finding.confidence >= _LIKELY else "minor",
        "location": {
            "path": finding.path,
            "lines": {"begin": finding.line, "end": finding.end_line},
        },
    }


def _error(error: LintError) -> dict[str, Any]:
    line = error.line or 1
    return {
        "description": printable(error.message),
        "check_name": "trackfix",
        "fingerprint": digest("error", error.path, error.message),
        "severity": "blocker",
        "location": {"path": error.path, "lines": {"begin": line, "end": line}},
    }
