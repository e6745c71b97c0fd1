"""Cells of Jupyter notebooks: where their sources stand, and how to replace just these."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from trackfix.source.errors import SourceError
from trackfix.source.json_spans import elements, members, value_end
from trackfix.source.magics import mask_magics
from trackfix.source.patterns import lazy_pattern

__all__ = ["Cell", "mask_magics", "parse_cells", "replace_sources"]

_LINES = lazy_pattern(r"[^\n]*\n|[^\n]+")
_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_ESCAPE = lazy_pattern(r"\\(?:u[0-9a-fA-F]{4}|.)")
_ESCAPED_NON_ASCII = lazy_pattern(r"\\u(?!00[0-7])[0-9a-fA-F]{4}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `text[start:end]` of the notebook is the JSON value of its source.

    `kind` is "code" (Python), "markdown" or "raw", which stands for anything else and so
    includes code in another language.
    """

    index: int
    kind: str
    source: str
    start: int
    end: int


def parse_cells(text: str) -> tuple[Cell, ...]:
    """All cells of a notebook in format 3 or 4, in their order, less those without a source.

    Raises SourceError for text that is not JSON, or not such a notebook.
    """
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"is not a notebook: bad JSON ({error.msg}); save it again with Jupyter", error.lineno
        ) from error
    except RecursionError as error:
        raise SourceError("is not a notebook: its JSON is nested too deeply") from error
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        raise SourceError("is not a notebook: it has no cells; rename it or exclude it")
    python = _is_python(notebook)
    try:
        top = _members(text, _value_start(text))
        starts = list(_cell_starts(text, top))
        return tuple(
            cell
            for index, start in enumerate(starts)
            if (cell := _read_cell(text, index, start, python)) is not None
        )
    except (KeyError, TypeError) as error:
        raise SourceError(
            "is not a notebook: its cells are not laid out as Jupyter does; save it again with it"
        ) from error


def replace_sources(text: str, cells: Sequence[Cell], new: Mapping[int, str]) -> str:
    """The notebook with new sources for the cells whose indexes are the keys of `new`.

    All else stays as it is, to the character: lines that don't change keep the spelling of their
    escapes, and a source stays a string or a list. Raises KeyError for a cell that isn't there.
    """
    by_index = {cell.index: cell for cell in cells}
    changed = sorted(
        (by_index[index] for index in new if by_index[index].source != new[index]),
        key=lambda cell: cell.start,
    )
    ascii_only = text.isascii() and _ESCAPED_NON_ASCII.search(text) is not None
    parts: list[str] = []
    done = 0
    for cell in changed:
        old = text[cell.start : cell.end]
        spell = _replace_list if old.startswith("[") else _replace_string
        parts += [text[done : cell.start], spell(old, new[cell.index], ascii_only)]
        done = cell.end
    return "".join([*parts, text[done:]])


def _value_start(text: str) -> int:
    """Offset of the value that a JSON text holds."""
    return len(text) - len(text.lstrip(" \t\n\r"))


def _members(text: str, start: int) -> dict[str, int]:
    """Offsets of an object's values by key; the last one counts, as for `json`."""
    if text[start] != "{":
        raise TypeError
    return dict(members(text, start))


def _cell_starts(text: str, top: dict[str, int]) -> Iterator[int]:
    if "cells" in top:
        yield from _elements(text, top["cells"])
        return
    for sheet in _elements(text, top["worksheets"]):
        yield from _elements(text, _members(text, sheet)["cells"])


def _elements(text: str, start: int) -> Iterator[int]:
    if text[start] != "[":
        raise TypeError
    return elements(text, start)


def _read_cell(text: str, index: int, start: int, python: bool) -> Cell | None:
    places = _members(text, start)
    kind, _ = value_end(text, places["cell_type"])
    # Format 3 calls the source of code "input", and has its language in each cell.
    place = places.get("source", places.get("input"))
    if place is None:
        return None
    value, end = value_end(text, place)
    if isinstance(value, list):
        value = "".join(value)
    if not isinstance(value, str):
        raise TypeError
    language = value_end(text, places["language"])[0] if "language" in places else "python"
    if kind == "heading":
        kind = "markdown"
    elif kind not in ("code", "markdown") or (
        kind == "code" and not (python and language == "python")
    ):
        kind = "raw"
    return Cell(index, kind, value, place, end)


def _is_python(notebook: dict[str, Any]) -> bool:
    """Whether the notebook's code is Python, which it is if nothing else is said."""
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        metadata: Any = notebook.get("metadata")
        for name in (section, key):
            metadata = metadata.get(name) if isinstance(metadata, dict) else None
        if isinstance(metadata, str):
            return metadata.lower().startswith(("python", "ipython"))
    return True


def _replace_string(old: str, new: str, ascii_only: bool) -> str:
    pieces: list[tuple[str, str]] = []
    begin = 1
    for token in _ESCAPE.finditer(old):
        if token[0] in (r"\n", r"\u000a", r"\u000A"):
            pieces.append(_piece(old[begin : token.end()]))
            begin = token.end()
    if begin < len(old) - 1:
        pieces.append(_piece(old[begin:-1]))
    lines = _respell(pieces, _LINES.findall(new), lambda line: _spelled(line, ascii_only)[1:-1])
    return '"' + "".join(lines) + '"'


def _piece(raw: str) -> tuple[str, str]:
    return json.loads(f'"{raw}"'), raw


def _replace_list(old: str, new: str, ascii_only: bool) -> str:
    spans = [(start, *value_end(old, start)) for start in elements(old, 0)]
    pieces = [(value, old[start:end]) for start, value, end in spans]
    values = [value for value, _ in pieces]
    lines = _LINES.findall(new)
    if "".join(values).splitlines(keepends=True) == values:
        # Jupyter splits so, and thus also at line ends that Python code doesn't have.
        lines = new.splitlines(keepends=True)
    spelled = _respell(pieces, lines, lambda line: _spelled(line, ascii_only))
    if not spans or not spelled:
        return "[" + ", ".join(spelled) + "]"
    opening, closing = old[: spans[0][0]], old[spans[-1][2] :]
    between = [old[end:start] for (_, _, end), (start, _, _) in pairwise(spans)]
    usual = between[-1] if between else "," + opening[1:]
    between += [usual] * (len(spelled) - len(spans))
    parts = [opening, spelled[0]]
    for number, line in enumerate(spelled[1:]):
        parts += [between[number], line]
    return "".join([*parts, closing])


def _respell(old: list[tuple[str, str]], new: list[str], spell: Callable[[str], str]) -> list[str]:
    """The JSON of the new lines; `old` has value and JSON of each line that there was."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, [value for value, _ in old], new, autojunk=False)
    result: list[str] = []
    for block in matcher.get_matching_blocks():
        result += map(spell, new[len(result) : block.b])
        result += [json_text for _, json_text in old[block.a : block.a + block.size]]
    return result


def _spelled(value: str, ascii_only: bool) -> str:
    # Half of a surrogate pair can't be written other than as an escape.
    return json.dumps(value, ensure_ascii=ascii_only or _SURROGATE.search(value) is not None)
