"""All edits of one apply, computed and verified before the first byte is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trackfix.project.project import Project
from trackfix.project.references.mentions import Mention, find_mentions
from trackfix.project.references.moves import Moves, add_earlier_shims, find_moves
from trackfix.project.untouched import untouched_files
from trackfix.rewrite.codemod import Codemod, NewContent, Proposal, Skipped
from trackfix.rewrite.notes import Notes, by_first_lines
from trackfix.rewrite.transaction import Change
from trackfix.rewrite.verify import Failure, verify

_MOST_ROUNDS = 8
_REMOVING = "remove-shims"
# After these it is of interest what else names a shim.
_OF_SHIMS = frozenset({"rewrite-imports", _REMOVING})


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a plan; ``after`` is None when the file is removed. ``edits_by`` has the number
    of edits of each codemod, in the order in which they ran. ``notes`` say what changes in
    behaviour, each with its line in ``before``."""

    path: str
    before: bytes
    after: bytes | None
    edits_by: tuple[tuple[str, int], ...]
    notes: Notes = ()

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
    """What one apply would do, what it leaves alone and why, and what still names a shim, if that
    is what its codemods are about."""

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
    frozen: Mapping[str, Mapping[str, str]] | None = None,
    earlier: Mapping[str, bytes] | None = None,
) -> Plan:
    """Plan what ``codemods`` do to ``project``, one after the other. ``frozen`` are the files that
    a codemod must not touch, and why; ``earlier`` is what files held before the last apply.

    The codemods run again on what came of them, until they change nothing: what stands in the way
    of one edit may go with another. A file whose new contents do not pass the verification is held
    back, with all that must move together with it, and the plan is made again without it; so are
    those that are left untouched.
    """
    moves, _ = find_moves(project)
    moves = add_earlier_shims(moves, earlier) if earlier else moves
    untouched = untouched_files(project)
    held: dict[str, str] = {}
    while True:
        attempt = _Attempt(project, moves, unsafe, held, frozen or {}, untouched)
        failures = attempt.run(codemods)
        new = {failure.path: failure.reason for failure in failures if failure.path not in held}
        if not new:
            return attempt.plan(is_of_shims=not _OF_SHIMS.isdisjoint(c.name for c in codemods))
        held.update(new)


class _Attempt:
    def __init__(
        self,
        project: Project,
        moves: Moves,
        unsafe: bool,
        held: dict[str, str],
        frozen: Mapping[str, Mapping[str, str]],
        untouched: Mapping[str, str],
    ) -> None:
        self.before = project
        self.after = project
        self.moves = moves
        self.unsafe = unsafe
        self.held = held
        self.frozen = frozen
        self.untouched = untouched
        self.contents: dict[str, bytes | None] = {}
        self.edits: dict[str, Counter[str]] = {}
        self.statements: dict[str, Counter[str]] = {}
        self.notes: dict[str, dict[tuple[int, str], None]] = {}
        self.skipped: set[Skipped] = set()

    def run(self, codemods: Sequence[Codemod]) -> list[Failure]:
        """Let the codemods change the project until they find no more; what is wrong with that."""
        changed: dict[str, str] = {}
        # What is beside a shim that has gone may be one by now, as a second apply would find.
        removes = any(codemod.name == _REMOVING for codemod in codemods)
        is_new = not removes
        for _ in range(_MOST_ROUNDS):
            changed, skipped, failures = self._round(codemods)
            if changed or not self.contents:
                self.skipped = skipped
            if not (changed or failures):
                if is_new or not self.contents:
                    return []
                self.moves, is_new = self._moves_anew(), True
                continue
            is_new = not removes
            failures = failures or verify(self.before, self.after, self.contents, self.statements)
            if failures:
                return failures
        return [
            Failure(path, f"a second run of {codemod} would change it again")
            for path, codemod in changed.items()
        ]

    def _round(
        self, codemods: Sequence[Codemod]
    ) -> tuple[dict[str, str], set[Skipped], list[Failure]]:
        """Let each codemod change the project once: the codemods that changed files, by path, what
        they left alone, and what they failed at."""
        changed: dict[str, str] = {}
        skipped = {
            Skipped(path, 1, f"held back, the result did not pass: {reason}")
            for path, reason in self.held.items()
        }
        failures: list[Failure] = []
        for codemod in codemods:
            proposal = self._proposal(codemod)
            failures += [Failure(path, reason) for path, reason in proposal.failed.items()]
            skipped.update(proposal.skipped)
            changed.update(dict.fromkeys(proposal.files, codemod.name))
            self._take(codemod.name, proposal.files.items())
        return changed, skipped, failures

    def _proposal(self, codemod: Codemod) -> Proposal:
        failed = {path: f"the result did not pass: {why}" for path, why in self.held.items()}
        held = {**self.untouched, **failed, **self.frozen.get(codemod.name, {})}
        return codemod.propose(self.after, self._moves(self.after), unsafe=self.unsafe, held=held)

    def _moves(self, project: Project) -> Moves:
        """The same moves, with the homes as they are after the edits so far."""
        return self.moves if project is self.before else self.moves.seen_from(project)

    def _moves_anew(self) -> Moves:
        """The same moves, and those of the shims that are some only after the edits so far."""
        found, _ = find_moves(self.after)
        entries = [*self.moves.by_key.values(), *found.by_key.values()]
        return Moves(found.project, found.resolver, entries)

    def _take(self, codemod: str, files: Iterable[tuple[str, NewContent]]) -> None:
        overlay: dict[str, bytes | None] = {}
        for path, content in files:
            told = by_first_lines(content.notes, path, self.before, self.after)
            overlay[path] = content.data
            self.edits.setdefault(path, Counter())[codemod] += content.edits
            self.statements.setdefault(path, Counter()).update(content.statements)
            self.notes.setdefault(path, {}).update(dict.fromkeys(told))
        self.contents.update(overlay)
        if overlay:
            self.after = self.after.overlaid(overlay)

    def plan(self, *, is_of_shims: bool) -> Plan:
        files = []
        for path in sorted(self.contents):
            before, after = self.before.read(path), self.contents[path]
            if before != after:
                files.append(
                    PlannedFile(
                        path,
                        before,
                        after,
                        tuple(self.edits[path].items()),
                        tuple(self.notes[path]),
                    )
                )
        gone = {path for path, content in self.contents.items() if content is None}
        skipped = tuple(sorted(s for s in self.skipped if s.path not in gone))
        mentions = find_mentions(self.after, self.moves) if is_of_shims else ()
        remaining = tuple(mention for mention in mentions if mention.path not in gone)
        return Plan(tuple(files), skipped, remaining)
