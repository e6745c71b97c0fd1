"""A picture of imports as SVG."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trackfix.report.html.document import text
from trackfix.report.page.grouping import EVERY
from trackfix.report.page.layout import HOME, IDLE, IMPORTER, SHIM, Key, Picture
from trackfix.report.words import many, printable

_WIDTH, _HEIGHT = 200, 40
_ROW = _HEIGHT + 12
_TOP = 30
_MARGIN = 2
# A picture is as wide as this many columns, with the gaps between them; fewer stand further apart.
_MOST_COLUMNS = 5
_STEP = _WIDTH + 85
_ALL = (_MOST_COLUMNS - 1) * _STEP + _WIDTH + 2 * _MARGIN
_CLASSES = {IDLE: "shim idle"}
_HEADINGS = {IMPORTER: "import a shim", SHIM: "shims", HOME: "homes"}
# So many modules that a box stands for are named.
_MOST_MEMBERS = 40
# So many characters of the two sizes fit into a box.
_PACKAGE_CHARACTERS, _NAME_CHARACTERS = 28, 22


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + _HEIGHT / 2


def drawing(found: Picture, key: str, title: str, description: str) -> Iterator[str]:
    """The picture; ``key`` makes its ids unique on the page, the others are text."""
    step = (_ALL - 2 * _MARGIN - _WIDTH) / (len(found.columns) - 1)
    rows = max(map(len, found.columns))
    places: dict[Key, _Place] = {}
    for number, column in enumerate(found.columns):
        y = _TOP + (rows - len(column)) * _ROW / 2
        for row, name in enumerate(column):
            places[name] = _Place(_MARGIN + number * step, y + row * _ROW)
    bottom = _TOP + rows * _ROW
    for number, name in enumerate(found.idle):
        row, column_number = divmod(number, _MOST_COLUMNS)
        y = bottom + _TOP + 8 + row * _ROW
        places[name] = _Place(_MARGIN + column_number * _STEP, y)
    height = max((place.y for place in places.values()), default=0) + _ROW
    yield f'<div class="scroll" role="region" aria-label="{text(title)}" tabindex="0">'
    yield f'<svg class="imports" role="img" viewBox="0 0 {_ALL} {_number(height)}" '
    yield f'width="{_ALL}" height="{_number(height)}" aria-labelledby="{key}-title {key}-desc">'
    yield f'<title id="{key}-title">{text(title)}</title>'
    yield f'<desc id="{key}-desc">{text(description)}</desc>'
    for number, column in enumerate(found.columns):
        if column:
            yield _heading(_MARGIN + number * step, _TOP - 14, _HEADINGS[column[0][0]])
    for (start, end), count in found.arrows.items():
        yield _arrow(found, places, start, end, count)
    if found.idle:
        yield _heading(_MARGIN, bottom + 20, "shims that no import goes through")
    for name, place in places.items():
        yield from _box(name, found.members[name], place)
    yield "</svg></div>"


def _heading(x: float, y: float, words: str) -> str:
    return f'<text class="heading" x="{_number(x)}" y="{_number(y)}">{words}</text>'


def _arrow(found: Picture, places: dict[Key, _Place], start: Key, end: Key, count: int) -> str:
    """A curve from the right of one box to the left of the other; through a shim it is dashed."""
    x, y = places[start].x + _WIDTH, places[start].middle
    to_x, to_y = places[end].x, places[end].middle
    tip = to_x - 7
    bend = max((to_x - x) / 2, 40)
    kind = "through" if SHIM in (start[0], end[0]) else "direct"
    noun = "name" if start[0] == SHIM else "import"
    told = f"{_label(start, found)} → {_label(end, found)}: {many(count, noun)}"
    stroke = 1.2 + min(math.log2(count), 4) * 0.5
    curve = f"M{_number(x)} {_number(y)}C{_number(x + bend)} {_number(y)} "
    curve += f"{_number(tip - bend)} {_number(to_y)} {_number(tip)} {_number(to_y)}"
    head = f"M{_number(to_x)} {_number(to_y)}l-8 -4v8z"
    return (
        f'<g class="arrow {kind}"><title>{text(told)}</title>'
        f'<path class="line" stroke-width="{stroke:.2f}" d="{curve}"/>'
        f'<path class="head" d="{head}"/></g>'
    )


def _box(key: Key, members: Sequence[str], place: _Place) -> Iterator[str]:
    role = key[0]
    package, last = _parts(key, members)
    x, y = _number(place.x), _number(place.y)
    yield f'<g class="box {_CLASSES.get(role, role)}"><title>{text(_told(key, members))}'
    yield f'</title><rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>'
    left, top = _number(place.x + 10), _number(place.y + 15)
    yield f'<text class="package" x="{left}" y="{top}">{text(package)}</text>'
    yield f'<text class="name" x="{left}" y="{_number(place.y + 31)}">{text(last)}</text></g>'


def _parts(key: Key, members: Sequence[str]) -> tuple[str, str]:
    """The two lines of a box: the role with the package, and the name or how many there are."""
    role, name = key
    separator = "/" if "/" in name else "."
    package, _, last = name.rpartition(separator)
    sign = "shim · " if role in (SHIM, IDLE) else ""
    if last == EVERY:
        package = package or "several packages"
        last = f"{many(len(members), 'module')}"
    room = _PACKAGE_CHARACTERS - len(sign)
    return sign + _short(package, room, "start"), _short(last, _NAME_CHARACTERS, "end")


def _told(key: Key, members: Sequence[str]) -> str:
    role, name = key
    told = f"{_CLASSES.get(role, role)} {name}"
    if not name.endswith(EVERY):
        return told
    more = len(members) - _MOST_MEMBERS
    return f"{told}: {', '.join(members[:_MOST_MEMBERS])}" + f" and {more} more" * (more > 0)


def _label(key: Key, found: Picture) -> str:
    return key[1] if not key[1].endswith(EVERY) else f"{key[1]} ({len(found.members[key])})"


def _short(words: str, most: int, lost: str) -> str:
    """The text cut so that it is at most so many characters wide; of a package the start is lost,
    of a name the end."""
    shown = printable(words)
    if sum(map(_width, shown)) <= most:
        return shown
    kept = ""
    for character in reversed(shown) if lost == "start" else shown:
        if sum(map(_width, kept)) + _width(character) > most - 1:
            break
        kept = character + kept if lost == "start" else kept + character
    return f"…{kept}" if lost == "start" else f"{kept}…"


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _number(value: float) -> str:
    """A coordinate without needless digits."""
    return f"{value:.1f}".removesuffix(".0")
