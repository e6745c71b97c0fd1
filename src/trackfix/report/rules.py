"""The list of lint rules."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps

from trackfix.lint.pages import RulePage
from trackfix.report.json import VERSION


def text(pages: Sequence[RulePage]) -> str:
    """A table: code, name, what is reported, the rule sets it is in, and what mends it."""
    rows = [
        (page.code, page.name, page.summary, ", ".join(page.sets), page.fix or "-")
        for page in pages
    ]
    rows.insert(0, ("code", "name", "reports", "sets", "fix"))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = (
        "  ".join([*(f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def json(pages: Sequence[RulePage]) -> str:
    """The same as JSON, with the whole pages; ``fix`` is null where nothing mends a finding."""
    rules = [
        {
            "code": page.code,
            "name": page.name,
            "summary": page.summary,
            "fix": page.fix or None,
            "default": "recommended" in page.sets,
            "sets": page.sets,
            "page": page.text,
        }
        for page in pages
    ]
    return dumps({"version": VERSION, "rules": rules}, indent=2, ensure_ascii=False)
