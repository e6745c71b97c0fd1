"""The imports around the shims, before and after one apply."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from trackfix.report.html.document import code, text
from trackfix.report.html.parts import folded, rest, table
from trackfix.report.page.drawing import drawing
from trackfix.report.page.layout import Picture, picture
from trackfix.report.words import many

if TYPE_CHECKING:
    from trackfix.lint.overview import Overview
    from trackfix.project.shims.graph import Edge, ShimGraph

_MOST_EDGES = 400


def body(overview: Overview) -> Iterator[str]:
    """The section."""
    if not overview.before.shims:
        yield "<p>There are no shims, so no import goes through one.</p>"
        return
    yield "<p>Import statements only: names in strings, such as the targets of patches, are "
    yield "counted above and not drawn. A dashed arrow goes through a shim, a solid one straight "
    yield "to a home; the more imports, the thicker.</p>"
    yield from _graph("before", "Before", overview.before)
    yield from _graph("after", "After one apply", overview.after)


def _graph(key: str, title: str, graph: ShimGraph) -> Iterator[str]:
    shims = frozenset(graph.shims)
    through = [edge for edge in graph.imports if edge.target in shims]
    direct = [edge for edge in graph.imports if edge.target not in shims]
    told = (
        f"{many(sum(e.count for e in through), 'import')} through "
        f"{many(len(shims) - len(graph.idle), 'shim')}, "
        f"{sum(e.count for e in direct)} straight to a home"
    )
    if graph.idle:
        told += f"; {many(len(graph.idle), 'shim')} that no import goes through"
    yield f"<h3>{text(title)}</h3>"
    yield f"<p>{text(told)}.</p>"
    found = picture(graph)
    yield from _folding(found)
    yield from drawing(found, f"imports-{key}", f"Imports: {title.lower()}", told)
    rows = [
        *(_row(edge, "import", shims) for edge in graph.imports),
        *(_row(edge, "name", shims) for edge in graph.handed_on),
    ]
    columns = ("from", "to", "which is", "how many")
    edges = [
        *table(f"Arrows: {title.lower()}", columns, rows[:_MOST_EDGES]),
        *rest(len(rows) - _MOST_EDGES, "arrow", "trackfix scan --format json"),
    ]
    yield from folded("the same as a table", edges)


def _row(edge: Edge, noun: str, shims: Container[str]) -> tuple[str, ...]:
    kind = "a shim" if edge.target in shims else "a home"
    return code(edge.source), code(edge.target), kind, many(edge.count, noun)


def _folding(found: Picture) -> Iterator[str]:
    """Say what stands for more than one module."""
    together = sum(len(names) > 1 for names in found.members.values())
    if together:
        boxes = "one box stands" if together == 1 else f"{together} boxes stand"
        yield f'<p class="faint">So that it can be read, {boxes} for several modules of a '
        yield "package; the table goes by module.</p>"
