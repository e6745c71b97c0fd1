"""The catalogue of copies side by side: as a page of its own, or as a part of another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trackfix.lint.duplicates import call_instead
from trackfix.report.duplicates.sides import Side
from trackfix.report.duplicates.style import COPIES
from trackfix.report.duplicates.words import (
    NONE,
    TITLES,
    function,
    place,
    span,
    total,
    totals,
)
from trackfix.report.html.document import code, document, text
from trackfix.report.html.parts import table
from trackfix.report.html.style import BASE
from trackfix.report.words import many

if TYPE_CHECKING:
    from trackfix.project.run_logic.catalogue import Catalogue, Comparison
    from trackfix.project.run_logic.groups.alignment import Pair
    from trackfix.project.run_logic.groups.group import Copy, Group

# A sign beside each colour, for those who can't tell them apart.
SIGNS = {
    "shared": ("=", "the same step"),
    "differs": ("≈", "the same step in another way"),
    "only-here": ("+", "only in the copy"),
    "only-there": ("−", "only in the source of truth"),
}


def render(catalogue: Catalogue) -> str:
    """The page."""
    title = "Run logic that is written more than once"
    return document("duplicates", title, BASE + COPIES, ["<main>", *body(catalogue), "</main>"])


def body(catalogue: Catalogue, *, level: int = 2, most: int | None = None) -> Iterator[str]:
    """All that the page says, with headings from ``level`` on. Of the copies the first ``most``
    are shown, the rest are counted."""
    groups = catalogue.groups
    if not groups:
        yield f"<p>{NONE}</p>"
        return
    yield from _totals(groups)
    yield '<ul class="legend">'
    for how, (sign, told) in SIGNS.items():
        yield f'<li class="{how}"><span class="mark">{sign}</span>{told}</li>'
    yield "</ul>"
    copies = [len(group.copies) for group in groups]
    before = [sum(copies[:number]) for number in range(len(groups))]
    rooms = [None if most is None else max(most - count, 0) for count in before]
    shown = [group for group, room in zip(groups, rooms, strict=True) if room != 0]
    yield '<nav aria-label="Jobs that are done more than once"><ul>'
    for number, group in enumerate(shown, 1):
        told = f"{TITLES[group.kind]}: {code(group.truth.home)}"
        yield f'<li><a href="#group-{number}">{told}</a>, {many(len(group.copies), "place")}</li>'
    yield "</ul></nav>"
    for number, group in enumerate(shown, 1):
        yield from _group(catalogue, group, number, level, rooms[number - 1])
    if len(shown) < len(groups):
        yield f"<p>{many(len(groups) - len(shown), 'more group')} not shown here; "
        yield f"{code('trackfix scan --duplicates')} lists all.</p>"


def _totals(groups: Sequence[Group]) -> Iterator[str]:
    rows = [
        (TITLES.get(each.kind, "all"), str(each.groups), str(each.places), f"about {each.lines}")
        for each in (*totals(groups), total(groups))
    ]
    columns = ("job", "groups", "places", "lines to go")
    yield from table("Copies by job", columns, rows, range(1, len(columns)))


def _group(
    catalogue: Catalogue, group: Group, number: int, level: int, most: int | None
) -> Iterator[str]:
    truth = group.truth
    yield f'<section id="group-{number}">'
    yield f"<h{level}>{TITLES[group.kind]}: {code(truth.home)}</h{level}>"
    at = f" in {code(f'{truth.path}:{span(truth.first, truth.last)}')}" if truth.path else ""
    yield f"<p>The source of truth is {code(truth.home)}{at}, chosen because "
    yield f"{text(truth.chosen)}. About {many(group.lines_to_go, 'line')} would go.</p>"
    for copy in group.copies[:most]:
        yield from _copy(catalogue, group, copy, level + 1)
    left = len(group.copies[most:]) if most is not None else 0
    if left:
        yield f"<p>{many(left, 'more place')} not shown here; "
        yield f"{code('trackfix scan --duplicates')} lists all.</p>"
    yield "</section>"


def _copy(catalogue: Catalogue, group: Group, copy: Copy, level: int) -> Iterator[str]:
    fragment = copy.fragment
    lines = catalogue.function_lines(fragment)
    where = f"{code(place(fragment))} in {code(function(fragment, lines))}"
    yield f"<article><header><h{level}>{where}</h{level}><dl>"
    notes = [("alike", f"{copy.score:.2f}"), ("differs", "; ".join(copy.differs))]
    for label, told in (*notes, ("call instead", call_instead(copy))):
        if told:
            yield f"<dt>{label}</dt><dd>{text(told)}</dd>"
    yield "</dl></header>"
    yield from _steps(catalogue, copy, catalogue.comparison(group, copy))
    yield "</article>"


def _steps(catalogue: Catalogue, copy: Copy, found: Comparison) -> Iterator[str]:
    here = Side(catalogue, copy.fragment)
    if found.base is None:
        yield '<ol class="steps alone">'
        for step in copy.fragment.steps:
            yield f"<li>{here.show('here', step, '')}</li>"
        yield "</ol>"
        return
    there = Side(catalogue, found.base)
    whose = "source of truth" if copy.step is not None else "another copy"
    yield f'<ol class="steps"><li class="columns"><div class="side">{whose}: '
    yield f'{code(place(found.base))}</div><div class="side">copy: {code(place(copy.fragment))}'
    yield "</div></li>"
    for pair in found.pairs:
        yield from _pair(pair, here, there)
    yield "</ol>"


def _pair(pair: Pair, here: Side, there: Side) -> Iterator[str]:
    sign, told = SIGNS[pair.how]
    mark = f'<span class="mark" title="{told}">{sign}</span>'
    yield f'<li class="{pair.how}">'
    yield there.show("there", pair.there, mark)
    yield here.show("here", pair.here, mark)
    yield "</li>"
