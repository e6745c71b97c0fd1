"""Makes plain Python of notebook cells that use IPython's own syntax."""

from __future__ import annotations

import ast

from trackfix.source.errors import TOO_DEEP
from trackfix.source.lexing import TOKEN, string_end
from trackfix.source.patterns import lazy_pattern

# Cell magics whose body is Python.
_PYTHON_CELLS = frozenset(
    (
        "capture",
        "debug",
        "heat",
        "ipytest",
        "local",
        "lprun",
        "memit",
        "mprun",
        "prun",
        "px",
        "pyspark",
        "python",
        "python3",
        "scalene",
        "time",
        "timeit",
    )
)
# Magics after which Databricks takes the whole cell as another language.
_OTHER_LANGUAGES = frozenset({"fs", "html", "md", "md-sandbox", "r", "scala", "sh", "sql"})

_CELL_MAGIC = lazy_pattern(r"\s*%%([\w-]*)")
_LINE_MAGIC_NAME = lazy_pattern(r"\s*%([\w-]+)")
# No statement of Python starts so: magics, shell, help, and IPython's automatic calls.
_LINE_MAGIC = lazy_pattern(r"[ \t\f]*([%!?,;/])")
_HELP = lazy_pattern(r"[ \t\f]*([^\s'\"#?][^'\"#\r\n?]*)\?\??[ \t]*(?=[\r\n]|\Z)")
_ASSIGNED_MAGIC = lazy_pattern(r"=[ \t]*([!%])")
_TO_LINE_END = lazy_pattern(r"[^\r\n]*")
_NEWLINE = lazy_pattern(r"\r\n|[\r\n]|\Z")


def mask_magics(source: str) -> str | None:
    """The source of a code cell with IPython's syntax masked, of the same length and lines.

    A masked command becomes the number 0 and a comment, so that a block still has its body.
    What is Python already comes back as it is. None for a cell in another language.
    """
    if _parses(source):
        return source
    characters = list(source)
    position = 0
    while magic := _CELL_MAGIC.match(source, position):
        if magic[1] not in _PYTHON_CELLS:
            return None
        position = _mask(characters, source, source.index("%", magic.start()))
    while position < len(source):
        position = _statement(characters, source, position)
    masked = "".join(characters)
    first = _LINE_MAGIC_NAME.match(source)
    if first and first[1] in _OTHER_LANGUAGES and not _parses(masked):
        return None
    return masked


def _parses(source: str) -> bool:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, *TOO_DEEP):
        return False
    return True


def _statement(characters: list[str], source: str, start: int) -> int:
    """Mask one logical line if need be; the offset of the next."""
    magic = _LINE_MAGIC.match(source, start) or _HELP.match(source, start)
    if magic:
        return _mask(characters, source, magic.start(1))
    depth = 0
    position = start
    while found := TOKEN.search(source, position):
        position = found.end()
        kind = found.lastgroup
        if kind == "quote":
            # A quote that nothing closes is a mistake in this line, not in all that follow.
            position = string_end(source, position, found["quote"]) or position
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "newline" and depth == 0:
            return position
        elif kind == "mark" and depth == 0:
            assigned = _ASSIGNED_MAGIC.match(source, found.start())
            if assigned:
                return _mask(characters, source, assigned.start(1))
    return len(source)


def _mask(characters: list[str], source: str, start: int) -> int:
    """Mask from an offset to the line's end and the lines that a backslash joins to it."""
    characters[start] = "0"
    end = _line_end(source, start)
    if end > start + 1:
        characters[start + 1] = "#"
    while source[start:end].endswith("\\") and end < len(source):
        start = _next_line(source, end)
        end = _line_end(source, start)
        if end > start:
            characters[start] = "#"
    return _next_line(source, end)


def _line_end(source: str, start: int) -> int:
    found = _TO_LINE_END.match(source, start)
    return found.end() if found else len(source)


def _next_line(source: str, end: int) -> int:
    found = _NEWLINE.match(source, end)
    return found.end() if found else len(source)
