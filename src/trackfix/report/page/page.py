"""The whole page: a summary, and one section for each command that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trackfix.report.duplicates import html as duplicates
from trackfix.report.duplicates.style import COPIES
from trackfix.report.html.document import document, text
from trackfix.report.html.style import BASE
from trackfix.report.page import apply, findings, imports, inventory, summary
from trackfix.report.page.style import PAGE

if TYPE_CHECKING:
    from trackfix.lint.overview import Overview

# What a page may say of itself in its head, by which it is known again.
KIND = "report"
_MOST_COPIES = 40


def render(overview: Overview) -> str:
    """The page; the same for the same project."""
    title = f"trackfix report: {overview.name}"
    return document(KIND, title, BASE + COPIES + PAGE, _body(overview))


def _body(overview: Overview) -> Iterator[str]:
    sections = {
        "summary": ("Summary", summary.body(overview)),
        "reexports": ("Re-export modules", inventory.body(overview.entries)),
        "findings": ("Findings", findings.body(overview)),
        "imports": ("Imports before and after", imports.body(overview)),
        "duplicates": (
            "Duplicated run logic",
            duplicates.body(overview.catalogue, level=3, most=_MOST_COPIES),
        ),
        "apply": ("What one apply would do", apply.body(overview)),
    }
    yield '<nav class="contents" aria-label="Sections"><ul>'
    for key, (title, _) in sections.items():
        yield f'<li><a href="#{key}">{text(title)}</a></li>'
    yield "</ul></nav><main>"
    for key, (title, lines) in sections.items():
        yield f'<section id="{key}"><h2>{text(title)}</h2>'
        yield from lines
        yield "</section>"
    yield "</main>"
