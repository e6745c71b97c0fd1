"""What a codemod is: it looks at a project and proposes contents for files of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.rewrite.notes import Notes
from trackfix.source.document import Document
from trackfix.source.entry_points import find_entry_points
from trackfix.source.errors import SourceError

_GROUP = "trackfix.codemods"


class Skipped(NamedTuple):
    """Something that was left as it is, and what stands in the way."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class NewContent:
    """What a file should hold; None takes it away. ``edits`` counts the changes in it.

    ``statements`` says how many more, or fewer, statements and calls of a kind it has then than
    before: by the names of their classes in ``ast``. The verification holds the codemod to it.
    ``notes`` say of a change what it changes in behaviour, each with its line before the change.
    """

    data: bytes | None
    edits: int
    statements: Mapping[str, int] = field(default_factory=dict)
    notes: Notes = ()


@dataclass(slots=True)
class Proposal:
    """What one codemod would do to a project. ``failed`` says which files it could not finish, and
    why: the rest of the proposal must not be used without them."""

    files: dict[str, NewContent] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def put(
        self,
        document: Document,
        data: Callable[[], bytes],
        edits: int,
        statements: Mapping[str, int] | None = None,
        notes: Notes = (),
    ) -> None:
        """Add what a document is to hold, if that is anything new; where ``data`` raises a
        `SourceError`, it could not be finished."""
        try:
            new = data()
        except SourceError as error:
            self.failed[document.path] = error.message
            return
        if new != document.data:
            self.files[document.path] = NewContent(new, edits, statements or {}, notes)


class Codemod(Protocol):
    """The interface of a codemod, found through the entry point group ``trackfix.codemods``.

    ``on_request`` codemods run only when they are asked for. A codemod may have ``left_alone``,
    which takes what ``propose`` takes and gives only what that would skip, at less cost.
    """

    name: str
    summary: str
    on_request: bool

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The contents that this codemod would give to files of ``project``, but for those that are
        ``held`` back, each for a reason. It is called again on its own result, and must then
        propose nothing."""


def codemod_names() -> tuple[str, ...]:
    """The names of the installed codemods, in the order in which they run."""
    names = {found.name for found in find_entry_points(_GROUP)}
    first = [name for name in ("rewrite-imports",) if name in names]
    last = [name for name in ("remove-shims",) if name in names]
    return (*first, *sorted(names - {*first, *last}), *last)


def load_codemods(names: tuple[str, ...]) -> Iterator[Codemod]:
    """The codemods of these names, in the order in which they run."""
    announced = {found.name: found for found in find_entry_points(_GROUP)}
    for name in codemod_names():
        if name in names:
            yield announced[name].load()


def default_codemods() -> tuple[Codemod, ...]:
    """The codemods that run when none is named, in the order in which they run."""
    return tuple(c for c in load_codemods(codemod_names()) if not c.on_request)
