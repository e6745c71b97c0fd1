"""A plan as a unified diff, coloured for a terminal."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from trackfix.rewrite.plan import Plan, PlannedFile


def plan(found: Plan, *, colour: bool) -> str:
    """The unified diff of all files of a plan, in the form that ``git apply`` takes."""
    return "".join(line for file in found.files for line in _file(file, colour))


def _file(file: PlannedFile, colour: bool) -> Iterator[str]:
    before = _lines(file.before)
    after = _lines(file.after) if file.after is not None else []
    yield _paint(f"diff --git a/{file.path} b/{file.path}\n", "1", colour)
    if file.after is None:
        yield _paint("deleted file mode 100644\n", "1", colour)
    new = f"b/{file.path}" if file.after is not None else "/dev/null"
    for line in difflib.unified_diff(before, after, f"a/{file.path}", new):
        text = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        code = {"+": "32", "-": "31", "@": "36"}.get(line[:1], "")
        yield _paint(text, code, colour and bool(code))


def _lines(data: bytes) -> list[str]:
    """The lines as git counts them: they end at a line feed and nowhere else."""
    text = data.decode("utf-8", "backslashreplace")
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text.rstrip()}\x1b[0m\n" if colour else text
