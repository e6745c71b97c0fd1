"""How many findings there are of each rule."""

from __future__ import annotations

from collections import Counter

from trackfix.lint.report_data import LintReport
from trackfix.report.lint.text import summary
from trackfix.report.lint.words import mark


def render(report: LintReport) -> str:
    """A line for each rule that has findings, the most frequent first, and the summary."""
    rows = counts_of(report)
    fixable = {finding.code for finding in report.findings if mark(finding)}
    width = max((len(str(count)) for _, count in rows), default=0)
    lines = [
        f"{count:{width}}  {code}  {'[*]' if code in fixable else '[ ]'}  {name}"
        for (code, name), count in rows
    ]
    return "\n".join([*lines, *summary(report)])


def counts_of(report: LintReport) -> list[tuple[tuple[str, str], int]]:
    """Code and name of each rule that has findings, and how many."""
    counts = Counter((finding.code, finding.name) for finding in report.findings)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
