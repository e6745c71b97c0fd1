"""One line for each finding, as compilers write them and editors read them."""

from __future__ import annotations

from trackfix.lint.report_data import LintReport
from trackfix.report.lint.text import summary
from trackfix.report.lint.words import mark, printable


def render(report: LintReport) -> str:
    """``path:line:column: CODE [*] message`` for each, and the summary of the text report."""
    lines = [
        f"{printable(f.path)}:{f.line}:{f.column}: {f.code}{mark(f)} {printable(f.message)}"
        for f in report.in_order
    ]
    lines += [
        f"{printable(e.path)}:{e.line or 1}:1: error: {printable(e.message)}" for e in report.errors
    ]
    return "\n".join([*lines, *summary(report)])
