"""The catalogue of copies for a terminal."""

from __future__ import annotations

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
from trackfix.report.words import many, printable

if TYPE_CHECKING:
    from trackfix.project.run_logic.catalogue import Catalogue
    from trackfix.project.run_logic.groups.group import Copy, Group

_BOLD = "1"
_RED = "31"
_GREEN = "32"
_YELLOW = "33"
_BLUE = "34"
_CYAN = "36"


def render(catalogue: Catalogue, *, colour: bool = False) -> str:
    """All groups with their copies, and what would go, for each job and in all."""
    if not catalogue.groups:
        return NONE
    text = _Text(catalogue, colour)
    lines = [line for group in catalogue.groups for line in (*text.group(group), "")]
    return "\n".join([*lines, *text.totals()])


class _Text:
    def __init__(self, catalogue: Catalogue, colour: bool) -> None:
        self.catalogue = catalogue
        self.colour = colour

    def paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def group(self, group: Group) -> Iterator[str]:
        truth = group.truth
        where = f"  {printable(truth.path)}:{span(truth.first, truth.last)}" if truth.path else ""
        yield f"{self.paint(_BOLD, TITLES[group.kind])}: {self.paint(_CYAN, truth.home)}{where}"
        yield f"  chosen because {truth.chosen}"
        for copy in group.copies:
            yield from self.copy(group, copy)

    def copy(self, group: Group, copy: Copy) -> Iterator[str]:
        fragment = copy.fragment
        lines = self.catalogue.function_lines(fragment)
        found = self.catalogue.comparison(group, copy)
        where = self.paint(_BOLD, place(fragment))
        yield f"  {where}  {function(fragment, lines)}  {copy.score:.2f}"
        if found.base is None:
            yield from self.note("steps", "", steps(found.pairs, "only-here"))
            yield from self.note("call instead", "", call_instead(copy))
            return
        yield from self.note("same steps", _GREEN, steps(found.pairs, "shared"))
        yield from self.note("another way", _YELLOW, other_ways(found.pairs))
        yield from self.note("only here", _RED, steps(found.pairs, "only-here"))
        yield from self.note("only there", _BLUE, steps(found.pairs, "only-there"))
        yield from self.note("beside", "", place(found.base))
        yield from self.note("differs", "", "; ".join(copy.differs))
        yield from self.note("call instead", "", call_instead(copy))

    def note(self, label: str, code: str, text: str) -> Iterator[str]:
        if text:
            yield f"    {self.paint(code, f'{label:12}') if code else f'{label:12}'} {text}"

    def totals(self) -> Iterator[str]:
        groups = self.catalogue.groups
        found = list(totals(groups))
        width = max(len(TITLES[each.kind]) for each in found)
        for each in found:
            counted = f"{many(each.groups, 'group')}, {many(each.places, 'place')}"
            title = f"{TITLES[each.kind]:{width}}"
            yield f"{title}  {counted}, about {many(each.lines, 'line')} to go"
        whole = total(groups)
        told = f"{many(whole.places, 'place')}, about {many(whole.lines, 'line')} to go."
        yield self.paint(_BOLD, told)
