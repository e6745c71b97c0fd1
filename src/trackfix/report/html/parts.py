"""Tables, lists and folded parts of a page. What goes in is HTML already, unless it says text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trackfix.report.html.document import code, text
from trackfix.report.words import many


def table(
    caption: str, columns: Sequence[str], rows: Iterable[Iterable[str]], numbers: Sequence[int] = ()
) -> Iterator[str]:
    """A table that scrolls sideways where it is too wide; the first cell of each row heads it.
    ``caption`` and ``columns`` are text, ``numbers`` the positions of columns of numbers."""
    kinds = [' class="number"' if place in numbers else "" for place in range(len(columns))]
    yield f'<div class="scroll" role="region" aria-label="{text(caption)}" tabindex="0"><table>'
    yield f"<caption>{text(caption)}</caption><thead><tr>"
    for kind, column in zip(kinds, columns, strict=True):
        yield f'<th scope="col"{kind}>{text(column)}</th>'
    yield "</tr></thead><tbody>"
    for first, *rest in rows:
        cells = (f"<td{k}>{cell}</td>" for k, cell in zip(kinds[1:], rest, strict=True))
        yield f'<tr><th scope="row">{first}</th>{"".join(cells)}</tr>'
    yield "</tbody></table></div>"


def items(lines: Iterable[str]) -> Iterator[str]:
    """A list."""
    yield "<ul>"
    yield from (f"<li>{line}</li>" for line in lines)
    yield "</ul>"


def folded(summary: str, body: Iterable[str]) -> Iterator[str]:
    """A part that is shown on request."""
    yield f"<details><summary>{summary}</summary>"
    yield from body
    yield "</details>"


def rest(count: int, noun: str, command: str) -> Iterator[str]:
    """What is left out, and the command that shows it; nothing if ``count`` is 0. All are text."""
    if count > 0:
        yield f'<p class="faint">{text(many(count, f"more {noun}"))} not shown here; '
        yield f"{code(command)} lists all.</p>"


def at(path: str, line: int | None) -> str:
    """A place in a file, given as text."""
    return code(f"{path}:{line}" if line else path)
