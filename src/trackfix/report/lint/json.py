"""The JSON of ``trackfix lint``, see docs/schema/lint.json."""

from __future__ import annotations

import json
from typing import Any

from trackfix.lint.finding import Finding, Fix, Related
from trackfix.lint.report_data import LintError, LintReport
from trackfix.report.json import VERSION


def render(report: LintReport) -> str:
    """All findings and errors; the shape is stable, a change of it bumps the version."""
    value = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.in_order],
        "errors": [{"path": e.path, "message": _message(e)} for e in report.errors],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "message": finding.message,
        "confidence": round(finding.confidence, 2),
        "fix": _fix(finding.fix) if finding.fix is not None else None,
        "related": [_related(other) for other in finding.related],
        "notes": [{"label": note.label, "text": note.text} for note in finding.notes],
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {"codemod": fix.codemod, "safety": fix.safety, "message": fix.message}


def _related(other: Related) -> dict[str, Any]:
    return {
        "path": other.path,
        "line": other.line,
        "end_line": other.end_line,
        "role": other.role,
        "message": other.message,
    }


def _message(error: LintError) -> str:
    return f"line {error.line}: {error.message}" if error.line else error.message
