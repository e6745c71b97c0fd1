"""SARIF 2.1.0, as code scanning services and editors read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintError, LintReport, RuleInfo
from trackfix.report.lint.fingerprints import fingerprints
from trackfix.report.lint.sarif_fixes import Fixes
from trackfix.report.lint.words import describe_fix

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_BASE = "SRCROOT"


def render(report: LintReport) -> str:
    """One run with its rules, results, fixes, and the files that could not be checked."""
    codes = sorted(report.rules.keys() | {finding.code for finding in report.findings})
    names = {finding.code: finding.name for finding in report.findings}
    rules = [_rule(report.rules.get(c) or RuleInfo(c, names[c], names[c], "")) for c in codes]
    index = {code: number for number, code in enumerate(codes)}
    fixes = Fixes(report.changes)
    run = {
        "tool": {"driver": {"name": "trackfix", "version": report.version, "rules": rules}},
        "invocations": [
            {
                "executionSuccessful": not report.errors,
                "toolExecutionNotifications": [_notification(error) for error in report.errors],
            }
        ],
        "originalUriBaseIds": {_BASE: {"uri": _folder_uri(report)}},
        "columnKind": "unicodeCodePoints",
        # Python, unlike the default of SARIF, ends a line at a lone carriage return too.
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [
            _result(finding, index[finding.code], fingerprint, fixes, report)
            for finding, fingerprint in zip(report.in_order, fingerprints(report), strict=True)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(rule: RuleInfo) -> dict[str, Any]:
    page = rule.page.strip()
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        **({"fullDescription": {"text": page}} if page else {}),
        **({"help": {"text": page, "markdown": page}} if page else {}),
        "defaultConfiguration": {"level": "error"},
    }


def _result(
    finding: Finding, index: int, fingerprint: str, fixes: Fixes, report: LintReport
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": "error",
        "rank": round(finding.confidence * 100, 1),
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(finding.path),
                    "region": _region(finding, report),
                }
            }
        ],
        "partialFingerprints": {"trackfix/v1": fingerprint},
    }
    if finding.notes:
        found["properties"] = {note.label: note.text for note in finding.notes}
    if finding.related:
        found["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": {
                    "artifactLocation": _artifact(other.path),
                    "region": {"startLine": other.line, "endLine": other.end_line},
                },
                "message": {"text": f"{other.role}: {other.message}"},
            }
            for number, other in enumerate(finding.related)
        ]
    replacements = fixes.of(finding)
    if replacements and finding.fix is not None:
        change = {"artifactLocation": _artifact(finding.path), "replacements": replacements}
        found["fixes"] = [
            {"description": {"text": describe_fix(finding.fix)}, "artifactChanges": [change]}
        ]
    return found


def _region(finding: Finding, report: LintReport) -> dict[str, int]:
    region = {"startLine": finding.line, "endLine": finding.end_line}
    columns = report.columns_of(finding)
    if columns is not None:
        region |= {"startColumn": columns[0], "endColumn": columns[1]}
    return region


def _notification(error: LintError) -> dict[str, Any]:
    region = {"region": {"startLine": error.line}} if error.line else {}
    place = {"artifactLocation": _artifact(error.path), **region}
    return {
        "level": "error",
        "message": {"text": error.message},
        "locations": [{"physicalLocation": place}],
    }


def _artifact(path: str) -> dict[str, str]:
    # A first part such as "a:b" would read as a scheme; quote() encodes the colon.
    return {"uri": quote(path, safe="/", errors="surrogateescape"), "uriBaseId": _BASE}


def _folder_uri(report: LintReport) -> str:
    uri = report.root.absolute().as_uri()
    return uri if uri.endswith("/") else uri + "/"
