"""A line of source with a caret under what is meant, as a terminal shows it."""

from __future__ import annotations

import unicodedata

_TAB = 4
_BEFORE = 60
_WIDEST = 160
_CUT = "…"


def excerpt(line: str, column: int, end_column: int | None) -> tuple[str, str]:
    """The line, and the blanks and carets below it; columns count characters from 1.

    Without ``end_column`` the carets go on to the end of the line. Tabs become blanks, and what
    has no look of its own a question mark, so that the carets stand where they should. Of a
    very long line only what is around the column comes out.
    """
    text = line.rstrip("\r\n")
    start = max(min(column - 1, len(text)), 0)
    end = len(text.rstrip()) if end_column is None else min(end_column - 1, len(text))
    lead = ""
    if len(text) > _WIDEST:
        first = max(start - _BEFORE, 0)
        lead = _CUT if first else ""
        tail = _CUT if len(text) > first + _WIDEST else ""
        text = text[first : first + _WIDEST]
        start, end = start - first, min(end - first, len(text))
    else:
        tail = ""
    cells = _cells(text)
    before = len(lead) + sum(_width(cell) for cell in cells[:start])
    under = sum(_width(cell) for cell in cells[start:end])
    shown = lead + "".join(cells) + tail
    return shown.rstrip(), " " * before + "^" * max(under, 1)


def _cells(text: str) -> list[str]:
    """What each character is shown as."""
    cells: list[str] = []
    position = 0
    for character in text:
        if character == "\t":
            cell = " " * (_TAB - position % _TAB)
        elif character == "\f":
            cell = " "
        elif character.isprintable():
            cell = character
        else:
            cell = "\N{REPLACEMENT CHARACTER}"
        cells.append(cell)
        position += _width(cell)
    return cells


def _width(cell: str) -> int:
    """How many columns of a terminal it takes."""
    if cell.isascii():
        return len(cell)
    if unicodedata.combining(cell):
        return 0
    return 2 if unicodedata.east_asian_width(cell) in "WF" else 1
