"""All edits of one apply, computed and verified before the first byte is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trackfix.project.mentions import Mention, find_mentions
from trackfix.project.moves import Moves, find_moves
from trackfix.project.project import Project
from trackfix.rewrite.codemod import Codemod, NewContent, Proposal, Skipped
from trackfix.rewrite.transaction import Change
from trackfix.rewrite.verify import Failure, verify


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a plan; ``after`` is None when the file is removed. ``edits_by`` has the number
    of edits of each codemod, in the order in which they ran. ``notes`` say what changes in
    behaviour, each with its line."""

    path: str
    before: bytes
    after: bytes | None
    edits_by: tuple[tuple[str, int], ...]
    notes: tuple[tuple[int, str], ...] = ()

    @property
    def edits(self) -> int:
        """The number of edits of all codemods."""
        return sum(edits for _, edits in self.edits_by)

    @property
    def codemods(self) -> tuple[str, ...]:
        """The codemods that edit the file."""
        return tuple(codemod for codemod, _ in self.edits_by)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one apply would do, what it leaves alone and why, and what still names a shim."""

    files: tuple[PlannedFile, ...]
    skipped: tuple[Skipped, ...]
    remaining: tuple[Mention, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """The plan as the write transaction takes it."""
        return tuple(Change(file.path, file.before, file.after) for file in self.files)


def make_plan(
    project: Project,
    codemods: Sequence[Codemod],
    *,
    unsafe: bool = False,
    frozen: Mapping[str, frozenset[str]] | None = None,
) -> Plan:
    """Plan what ``codemods`` do to ``project``, one after the other. ``frozen`` are the files that
    a codemod must not touch.

    A file whose new contents do not pass the verification is held back, with all that must
    move together with it, and the plan is made again without it.
    """
    moves, _ = find_moves(project)
    held: dict[str, str] = {}
    while True:
        attempt = _Attempt(project, moves, unsafe, held, frozen or {})
        for codemod in codemods:
            attempt.run(codemod)
        failures = attempt.failures(codemods)
        new = {failure.path: failure.reason for failure in failures if failure.path not in held}
        if not new:
            return attempt.plan()
        held.update(new)


class _Attempt:
    def __init__(
        self,
        project: Project,
        moves: Moves,
        unsafe: bool,
        held: dict[str, str],
        frozen: Mapping[str, frozenset[str]],
    ) -> None:
        self.before = project
        self.after = project
        self.moves = moves
        self.unsafe = unsafe
        self.held = held
        self.frozen = frozen
        self.contents: dict[str, bytes | None] = {}
        self.edits: dict[str, list[tuple[str, int]]] = {}
        self.statements: dict[str, Counter[str]] = {}
        self.notes: dict[str, list[tuple[int, str]]] = {}
        self.failed: dict[str, str] = {}
        self.skipped: set[Skipped] = {
            Skipped(path, 1, f"held back, the result did not pass: {reason}")
            for path, reason in held.items()
        }

    def run(self, codemod: Codemod) -> None:
        proposal = self._proposal(codemod)
        self.failed.update(proposal.failed)
        self.skipped.update(proposal.skipped)
        self._take(codemod.name, proposal.files.items())

    def _proposal(self, codemod: Codemod) -> Proposal:
        held = self.frozen.get(codemod.name, frozenset()) | self.held.keys()
        return codemod.propose(
            self.after, self._moves(self.after), unsafe=self.unsafe, held=frozenset(held)
        )

    def _moves(self, project: Project) -> Moves:
        """The same moves, with the homes as they are after the edits so far."""
        return self.moves if project is self.before else self.moves.seen_from(project)

    def _take(self, codemod: str, files: Iterable[tuple[str, NewContent]]) -> None:
        overlay: dict[str, bytes | None] = {}
        for path, content in files:
            overlay[path] = content.data
            self.edits.setdefault(path, []).append((codemod, content.edits))
            self.statements.setdefault(path, Counter()).update(content.statements)
            self.notes.setdefault(path, []).extend(content.notes)
        self.contents.update(overlay)
        if overlay:
            self.after = self.after.overlaid(overlay)

    def failures(self, codemods: Sequence[Codemod]) -> list[Failure]:
        if self.failed:
            return [Failure(path, reason) for path, reason in self.failed.items()]
        if not self.contents:
            return []
        found = verify(self.before, self.after, self.contents, self.statements)
        if found:
            return found
        for codemod in codemods:
            proposal = self._proposal(codemod)
            found += [
                Failure(path, f"a second run of {codemod.name} would change it again")
                for path in proposal.files
            ]
        return found

    def plan(self) -> Plan:
        files = []
        for path in sorted(self.contents):
            before, after = self.before.read(path), self.contents[path]
            if before != after:
                files.append(
                    PlannedFile(
                        path,
                        before,
                        after,
                        tuple(self.edits[path]),
                        tuple(self.notes[path]),
                    )
                )
        gone = {path for path, content in self.contents.items() if content is None}
        skipped = tuple(sorted(s for s in self.skipped if s.path not in gone))
        remaining = tuple(find_mentions(self.after, self.moves))
        return Plan(tuple(files), skipped, tuple(m for m in remaining if m.path not in gone))
