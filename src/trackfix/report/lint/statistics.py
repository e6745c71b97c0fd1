"""How many findings there are of each rule."""

from __future__ import annotations

from collections import Counter

from trackfix.lint.report_data import LintReport
from trackfix.report.lint.text import summary
from trackfix.report.lint.words import mark


def render(report: LintReport) -> str:
    """A line for each rule that has findings, the most frequent first, and the summary."""
    counts = Counter((finding.code, finding.name) for finding in report.findings)
    fixable = {finding.code for finding in report.findings if mark(finding)}
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = max((len(str(count)) for count in counts.values()), default=0)
    lines = [
        f"{count:{width}}  {code}  {'[*]' if code in fixable else '[ ]'}  {name}"
        for (code, name), count in rows
    ]
    return "\n".join([*lines, *summary(report)])
