"""Where the values of a JSON text stand in it.

The standard library's reader says what a text holds but not where. This one walks over text that
the standard library has accepted, so it need not check anything again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from trackfix.source.patterns import lazy_pattern

_SPACE = lazy_pattern(r"[ \t\n\r]*")
_decode = json.JSONDecoder().raw_decode


def value_end(text: str, start: int) -> tuple[Any, int]:
    """The value that starts at an offset, and the offset after it."""
    return _decode(text, start)


def members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Key and offset of the value of each member of the object that starts at an offset."""
    position = _skip(text, start + 1)
    while text[position] != "}":
        key, position = value_end(text, position)
        position = _skip(text, _skip(text, position) + 1)
        yield key, position
        position = _next(text, position)


def elements(text: str, start: int) -> Iterator[int]:
    """Offset of each element of the array that starts at an offset."""
    position = _skip(text, start + 1)
    while text[position] != "]":
        yield position
        position = _next(text, position)


def _next(text: str, start: int) -> int:
    """Offset of what follows the value at `start`: the next one or the closing bracket."""
    position = _skip(text, value_end(text, start)[1])
    return _skip(text, position + 1) if text[position] == "," else position


def _skip(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start
