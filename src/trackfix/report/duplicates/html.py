"""The catalogue of copies as one page that needs nothing else: no network, no script."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from trackfix.lint.duplicates import call_instead
from trackfix.report.duplicates.style import STYLE
from trackfix.report.duplicates.words import (
    NONE,
    TITLES,
    function,
    place,
    span,
    total,
    totals,
)
from trackfix.report.lint.words import many, printable

if TYPE_CHECKING:
    from trackfix.project.run_logic.alignment import Pair
    from trackfix.project.run_logic.catalogue import Catalogue, Comparison
    from trackfix.project.run_logic.duplicates import Copy, Group
    from trackfix.project.run_logic.fragments import Fragment, Step

# Of a step with more lines the rest is folded.
_MOST_LINES = 16

# A sign beside each colour, for those who can't tell them apart.
SIGNS = {
    "shared": ("=", "the same step"),
    "differs": ("≈", "the same step in another way"),
    "only-here": ("+", "only in the copy"),
    "only-there": ("−", "only in the source of truth"),
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(catalogue: Catalogue) -> str:
    """The page."""
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Run logic that is written more than once</title>",
            f"<style>{STYLE}</style>\n</head>\n<body>",
            "<h1>Run logic that is written more than once</h1>",
            *_body(catalogue),
            "</body>\n</html>",
        ]
    )


def _body(catalogue: Catalogue) -> Iterator[str]:
    groups = catalogue.groups
    if not groups:
        yield f"<p>{NONE}</p>"
        return
    yield from _totals(groups)
    yield '<ul class="legend">'
    for how, (sign, told) in SIGNS.items():
        yield f'<li class="{how}"><span class="mark">{sign}</span>{told}</li>'
    yield "</ul>\n<nav><ul>"
    for number, group in enumerate(groups, 1):
        told = f"{TITLES[group.kind]}: {_code(group.truth.home)}"
        yield f'<li><a href="#group-{number}">{told}</a>, {many(len(group.copies), "place")}</li>'
    yield "</ul></nav>"
    for number, group in enumerate(groups, 1):
        yield from _group(catalogue, group, number)


def _totals(groups: Sequence[Group]) -> Iterator[str]:
    yield "<table><thead><tr><th>job</th>"
    yield from (f'<th class="number">{name}</th>' for name in ("groups", "places", "lines to go"))
    yield "</tr></thead><tbody>"
    for each in (*totals(groups), total(groups)):
        counts = (str(each.groups), str(each.places), f"about {each.lines}")
        cells = "".join(f'<td class="number">{count}</td>' for count in counts)
        yield f"<tr><td>{TITLES.get(each.kind, '<b>all</b>')}</td>{cells}</tr>"
    yield "</tbody></table>"


def _group(catalogue: Catalogue, group: Group, number: int) -> Iterator[str]:
    truth = group.truth
    yield f'<section id="group-{number}">'
    yield f"<h2>{TITLES[group.kind]}: {_code(truth.home)}</h2>"
    at = f" in {_code(f'{truth.path}:{span(truth.first, truth.last)}')}" if truth.path else ""
    yield f"<p>The source of truth is {_code(truth.home)}{at}, chosen because "
    yield f"{_text(truth.chosen)}. About {many(group.lines_to_go, 'line')} would go.</p>"
    for copy in group.copies:
        yield from _copy(catalogue, group, copy)
    yield "</section>"


def _copy(catalogue: Catalogue, group: Group, copy: Copy) -> Iterator[str]:
    fragment = copy.fragment
    lines = catalogue.function_lines(fragment)
    yield "<article><header>"
    yield f"<h3>{_code(place(fragment))} in {_code(function(fragment, lines))}</h3><dl>"
    notes = [("alike", f"{copy.score:.2f}"), ("differs", "; ".join(copy.differs))]
    for label, told in (*notes, ("call instead", call_instead(copy))):
        if told:
            yield f"<dt>{label}</dt><dd>{_text(told)}</dd>"
    yield "</dl></header>"
    yield from _steps(catalogue, copy, catalogue.comparison(group, copy))
    yield "</article>"


def _steps(catalogue: Catalogue, copy: Copy, found: Comparison) -> Iterator[str]:
    here = _Side(catalogue, copy.fragment)
    if found.base is None:
        yield '<ol class="steps alone">'
        for step in copy.fragment.steps:
            yield f"<li>{here.show('here', step, '')}</li>"
        yield "</ol>"
        return
    there = _Side(catalogue, found.base)
    whose = "source of truth" if copy.step is not None else "another copy"
    yield f'<ol class="steps"><li class="columns"><div class="side">{whose}: '
    yield f'{_code(place(found.base))}</div><div class="side">copy: {_code(place(copy.fragment))}'
    yield "</div></li>"
    for pair in found.pairs:
        yield from _pair(pair, here, there)
    yield "</ol>"


def _pair(pair: Pair, here: _Side, there: _Side) -> Iterator[str]:
    sign, told = SIGNS[pair.how]
    mark = f'<span class="mark" title="{told}">{sign}</span>'
    yield f'<li class="{pair.how}">'
    yield there.show("there", pair.there, mark)
    yield here.show("here", pair.here, mark)
    yield "</li>"


class _Side:
    """The code of one piece, cut into its steps."""

    def __init__(self, catalogue: Catalogue, fragment: Fragment) -> None:
        lines = catalogue.code(fragment)
        texts = textwrap.dedent("\n".join(line.text for line in lines)).split("\n")
        self._texts = list(zip((line.number for line in lines), texts, strict=False))
        self._steps = fragment.steps

    def show(self, side: str, step: Step | None, mark: str) -> str:
        """The lines of a step, up to the next one."""
        if step is None:
            return f'<div class="side {side} empty"></div>'
        words = f'<div class="step">{mark}{_text(step.text)}</div>'
        return f'<div class="side {side}" data-side="{side}">{words}{self._code(step)}</div>'

    def _code(self, step: Step) -> str:
        place = self._steps.index(step)
        is_first_there = all(other.line != step.line for other in self._steps[:place])
        if not is_first_there:
            return ""
        start = step.line if place else 0
        end = min((s.line for s in self._steps if s.line > step.line), default=1 << 30)
        rows = [
            f'<span class="l"><span class="n">{number}</span>{_line(text)}</span>'
            for number, text in _trimmed(self._texts, start, end)
        ]
        shown, folded = rows[:_MOST_LINES], rows[_MOST_LINES:]
        if not rows:
            return ""
        code = f"<pre>{''.join(shown)}</pre>"
        if folded:
            more = many(len(folded), "more line")
            inner = "".join(folded)
            code += f"<details><summary>{more}</summary><pre>{inner}</pre></details>"
        return code


def _trimmed(texts: list[tuple[int, str]], start: int, end: int) -> list[tuple[int, str]]:
    """The lines from ``start`` to before ``end``, without blank ones at their end."""
    found = [(number, text) for number, text in texts if start <= number < end]
    while found and not found[-1][1].strip():
        found.pop()
    return found


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    return escape(printable(text))


def _line(text: str) -> str:
    """A line of code; its tabs stay."""
    return "\t".join(_text(part) for part in text.split("\t"))
