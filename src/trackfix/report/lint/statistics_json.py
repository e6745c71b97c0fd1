"""How many findings there are of each rule, as JSON; see docs/schema/statistics.json."""

from __future__ import annotations

import json

from trackfix.lint.report_data import LintReport
from trackfix.report.json import VERSION
from trackfix.report.lint.statistics import counts_of
from trackfix.report.lint.words import mark


def render(report: LintReport) -> str:
    """The rules that have findings, the most frequent first, and the files left unchecked."""
    rules = [
        {
            "code": code,
            "name": name,
            "findings": count,
            "fixable": sum(f.code == code and bool(mark(f)) for f in report.findings),
        }
        for (code, name), count in counts_of(report)
    ]
    errors = len({error.path for error in report.errors})
    return json.dumps({"version": VERSION, "rules": rules, "unchecked": errors}, indent=2)
