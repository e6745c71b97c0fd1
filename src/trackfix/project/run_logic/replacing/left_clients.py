"""Clients that code keeps, and that nobody asks once its copies are calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.plain_shapes import Assigned, Shapes
from trackfix.project.run_logic.replacing.text_checks import kinds_in, line_start, suite_at
from trackfix.source.document import Edit


class LeftClient(NamedTuple):
    """The client that a copy asked: the edit that takes its assignment away, None if that shares
    its lines or is all of a block, and where it is used."""

    name: str
    edit: Edit | None
    uses: tuple[int, ...]
    statements: Counter[str]

    def edit_without(self, edits: Collection[Edit]) -> Edit | None:
        """The edit that takes the client away if nothing uses it after some other ``edits``.

        Raises:
            NotPlain: nothing uses it, but it can't be taken away.
        """
        if not all(any(edit.start <= use < edit.end for edit in edits) for use in self.uses):
            return None
        if self.edit is None:
            raise NotPlain(f"nothing else uses {self.name}")
        return self.edit


def left_client(shapes: Shapes, held: Assigned) -> LeftClient:
    """The client that an assignment keeps."""
    name, statement = held
    document = shapes.document
    first, end = line_start(shapes, statement), document.span(statement)[1]
    newline = document.text.find("\n", end) + 1
    around = document.text[first : document.span(statement)[0]] + document.text[end:newline]
    is_alone = newline > 0 and not around.strip() and len(suite_at(shapes, statement)) > 1
    uses = tuple(document.span(use)[0] for use in shapes.uses(statement))
    edit = Edit(first, newline, "") if is_alone else None
    return LeftClient(name.id, edit, uses, Counter(kinds_in(statement)))
