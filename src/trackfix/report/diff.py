"""Changes as a unified diff, coloured for a terminal."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping

from trackfix.rewrite.notes import Notes
from trackfix.rewrite.transaction import Change

_COLOURS = {b"+": b"32", b"-": b"31", b"@": b"36"}


def render(
    changes: Iterable[Change], *, colour: bool, notes: Mapping[str, Notes] | None = None
) -> bytes:
    """The unified diff of all changes, in the files' own encodings, as ``git apply`` takes it. The
    ``notes`` of a file, each with its line, stand above its changes, where ``git`` passes over
    them."""
    told = notes or {}
    return b"".join(
        line for change in changes for line in _file(change, told.get(change.path, ()), colour)
    )


def _file(file: Change, notes: Notes, colour: bool) -> Iterator[bytes]:
    name = os.fsencode(file.path)
    for number, note in notes:
        told = note.encode("utf-8", "backslashreplace")
        yield _paint(b"# %b:%d: %b\n" % (name, number, told), b"33", colour)
    after = _lines(file.after) if file.after is not None else []
    yield _paint(b"diff --git a/%b b/%b\n" % (name, name), b"1", colour)
    if file.after is None:
        yield _paint(b"deleted file mode 100644\n", b"1", colour)
    new = b"b/" + name if file.after is not None else b"/dev/null"
    for line in difflib.diff_bytes(
        difflib.unified_diff, _lines(file.before), after, b"a/" + name, new
    ):
        text = line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
        code = _COLOURS.get(line[:1], b"")
        yield _paint(text, code, colour and bool(code))


def _lines(data: bytes) -> list[bytes]:
    """The lines as git counts them: they end at a line feed and nowhere else."""
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _paint(text: bytes, code: bytes, colour: bool) -> bytes:
    return b"\x1b[%bm%b\x1b[0m\n" % (code, text.rstrip(b"\n")) if colour else text
