"""What one apply would do: its edits, what it leaves alone, and the changes of each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trackfix.report.html.document import code, text
from trackfix.report.html.parts import at, folded, items, rest, table
from trackfix.report.page.diff import difference
from trackfix.report.words import many

if TYPE_CHECKING:
    from trackfix.lint.overview import Overview

_MOST_PLACES = 100
_MOST_FILES = 100
_MOST_LINES = 4000
_COMMAND = "trackfix apply --diff"


def body(overview: Overview) -> Iterator[str]:
    """The section."""
    plan = overview.plan
    if plan.files:
        changed = sum(file.after is not None for file in plan.files)
        removed = len(plan.files) - changed
        yield f"<p>{code('trackfix apply')} would change {many(changed, 'file')} and remove "
        yield f"{many(removed, 'file') if removed else 'none'}. It verifies all of this before the "
        yield f"first byte is written, and {code('trackfix undo')} takes it back.</p>"
        yield from _edits(overview)
    else:
        yield "<p>Nothing to change.</p>"
    if plan.skipped:
        yield f"<h3>Left alone: {many(len(plan.skipped), 'place')}</h3>"
        shown = plan.skipped[:_MOST_PLACES]
        yield from items(f"{at(s.path, s.line)} {text(s.reason)}" for s in shown)
        yield from rest(len(plan.skipped) - _MOST_PLACES, "place", _COMMAND)
    if plan.remaining:
        yield f"<h3>Still mentioned in text: {many(len(plan.remaining), 'place')}</h3>"
        mentions = plan.remaining[:_MOST_PLACES]
        yield from items(f"{at(m.path, m.line)} {code(m.text[:100])}" for m in mentions)
        yield from rest(len(plan.remaining) - _MOST_PLACES, "place", _COMMAND)
    if plan.files:
        yield "<h3>Changes</h3>"
        yield from _changes(overview)


def _edits(overview: Overview) -> Iterator[str]:
    files = {
        name: sum(name in file.codemods for file in overview.plan.files) for name in overview.edits
    }
    rows = [(code(name), str(files[name]), str(edits)) for name, edits in overview.edits.items()]
    rows.append(("all", str(len(overview.plan.files)), str(sum(overview.edits.values()))))
    yield from table("Edits by codemod", ("codemod", "files", "edits"), rows, (1, 2))


def _changes(overview: Overview) -> Iterator[str]:
    """Each file with its changes, until they are too many lines; the rest is named only."""
    room = _MOST_LINES
    files = list(zip(overview.plan.files, overview.changes, strict=True))
    for planned, change in files[:_MOST_FILES]:
        told = many(planned.edits, "edit") if change.after is not None else "removed"
        by = ", ".join(map(code, planned.codemods))
        lines = difference(change)
        notes = [f"line {number}: {text(note)}" for number, note in planned.notes]
        shown = lines[:room]
        room -= len(shown)
        yield from folded(
            f"{code(change.path)}: {told} by {by}",
            [
                *(items(notes) if notes else ()),
                *(["<pre>", "".join(shown), "</pre>"] if shown else ()),
                *rest(len(lines) - len(shown), "line", _COMMAND),
            ],
        )
    yield from rest(len(files) - _MOST_FILES, "file", _COMMAND)
