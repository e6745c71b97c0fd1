"""The catalogue of copies in Markdown, to paste into an issue or a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trackfix.lint.duplicates import call_instead
from trackfix.report.duplicates.words import (
    NONE,
    TITLES,
    function,
    other_ways,
    place,
    span,
    steps,
    total,
    totals,
)
from trackfix.report.markdown import row
from trackfix.report.words import printable

if TYPE_CHECKING:
    from trackfix.project.run_logic.catalogue import Catalogue
    from trackfix.project.run_logic.groups.group import Copy, Group

_HEAD = ("job", "groups", "places", "lines to go")


def render(catalogue: Catalogue) -> str:
    """The totals of each job, and a section for each group with its copies."""
    groups = catalogue.groups
    if not groups:
        return NONE
    lines = ["# Run logic that is written more than once", "", row(_HEAD), row(["---"] * 4)]
    for each in totals(groups):
        lines.append(_counted(TITLES[each.kind], each.groups, each.places, each.lines))
    whole = total(groups)
    lines.append(_counted("**all**", whole.groups, whole.places, whole.lines))
    for group in groups:
        lines += ["", *_group(catalogue, group)]
    return "\n".join(lines)


def _counted(title: str, groups: int, places: int, lines: int) -> str:
    return row([title, str(groups), str(places), f"about {lines}"])


def _group(catalogue: Catalogue, group: Group) -> Iterator[str]:
    truth = group.truth
    yield f"## {TITLES[group.kind]}: {code(truth.home)}"
    yield ""
    at = f" ({code(f'{truth.path}:{span(truth.first, truth.last)}')})" if truth.path else ""
    yield f"The source of truth is {code(truth.home)}{at}, chosen because {truth.chosen}."
    yield f"About {group.lines_to_go} lines would go."
    for copy in group.copies:
        yield ""
        yield from _copy(catalogue, group, copy)


def _copy(catalogue: Catalogue, group: Group, copy: Copy) -> Iterator[str]:
    lines = catalogue.function_lines(copy.fragment)
    found = catalogue.comparison(group, copy)
    yield f"* {code(place(copy.fragment))} in {code(function(copy.fragment, lines))}, " + (
        f"alike {copy.score:.2f}"
    )
    if found.base is not None:
        yield f"  * beside: {code(place(found.base))}"
    for label, told in (
        ("same steps", steps(found.pairs, "shared")),
        ("another way", other_ways(found.pairs)),
        ("only here" if found.base else "steps", steps(found.pairs, "only-here")),
        ("only there", steps(found.pairs, "only-there")),
        ("differs", "; ".join(copy.differs)),
        ("call instead", call_instead(copy)),
    ):
        if told:
            yield f"  * {label}: {code(told)}"


def code(text: str) -> str:
    """The text as code, whatever Markdown would make of it."""
    shown = printable(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    space = " " if "`" in shown else ""
    return f"{fence}{space}{shown}{space}{fence}"
