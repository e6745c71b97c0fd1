"""The run logic that a project has more than once, and the one function to call instead."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, cast

from trackfix.project.processes import in_processes, process_count, shares
from trackfix.project.project import Problem, Project, collector_paused
from trackfix.project.resolution import Resolver
from trackfix.project.run_logic.creations import settled
from trackfix.project.run_logic.elsewhere import Elsewhere
from trackfix.project.run_logic.fragments import FileLogic, Fragment, Kind, job_of
from trackfix.project.run_logic.keys import Keys
from trackfix.project.run_logic.pairing import Match, Pairing
from trackfix.project.run_logic.reading import may_hold_logic, read_run_logic
from trackfix.project.run_logic.similarity import compare
from trackfix.project.run_logic.tag_sets import ON
from trackfix.project.run_logic.truths import (
    Owner,
    Ranking,
    Truth,
    chosen_by,
    library_truth,
    owners,
)
from trackfix.project.setting_values import JOBS
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError

THRESHOLDS: Mapping[str, float] = {
    "find-run": 0.7,
    "create-run": 0.7,
    "resolve-experiment": 0.75,
    "build-tags": 0.7,
    "read-tag": 0.85,
}


class Copy(NamedTuple):
    """A piece of run logic that the source of truth has as well. ``step`` is its piece that does
    the same, None when its code is not known. ``called`` is the line at which the function with the
    copy calls the source of truth already, 0 if it does not; ``imported`` tells that its file has
    the name."""

    fragment: Fragment
    truth: Truth
    step: Fragment | None
    score: float
    differs: tuple[str, ...]
    called: int = 0
    imported: bool = False


class Group(NamedTuple):
    """A job that is done in several places: the source of truth and its copies, by place."""

    kind: Kind
    truth: Truth
    copies: tuple[Copy, ...]

    @property
    def lines_to_go(self) -> int:
        """About how many lines would go if the copies called the source of truth."""
        spans = {(c.fragment.path, c.fragment.first, c.fragment.last) for c in self.copies}
        return sum(max(last - first, 0) for _, first, last in spans)


class Duplicates:
    """All groups of one project. ``unread`` are the files that are no Python and so are left out,
    known once the others have been read."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self._resolver = resolver
        self.unread: list[Problem] = []
        self._known: dict[str, FileLogic] = {}

    @cached_property
    def files(self) -> tuple[FileLogic, ...]:
        """What every file that counts says, by path."""
        return self._logic_of([path for path in sorted(self.project.facts) if self._counts(path)])

    def _logic_of(self, paths: Collection[str]) -> tuple[FileLogic, ...]:
        """What these files say, in their order."""
        memory = self.project.logic_memory
        for path in paths:
            logic = memory.get(path) if memory is not None and path not in self._known else None
            if logic is not None:
                self._known[path] = logic
        fresh = self._read_all([path for path in paths if path not in self._known])
        if memory is not None:
            for path, logic in fresh.items():
                memory.put(path, logic)
        self._known |= fresh
        return tuple(self._known[path] for path in paths)

    @cached_property
    def logic(self) -> tuple[FileLogic, ...]:
        """The run logic of all files that have some, with tag keys resolved, by path."""
        keys = Keys(self.project, self._resolver)
        elsewhere = Elsewhere(self.project, self._resolver, self.files)

        def known(fragments: Iterable[Fragment]) -> Iterator[Fragment]:
            for fragment in fragments:
                whole = elsewhere.completed(fragment)
                found = settled(keys.resolved(whole)) if whole is not None else None
                if found is not None:
                    yield found

        return tuple(
            logic._replace(fragments=tuple(known(logic.fragments)))
            for logic in self.files
            if logic.fragments
        )

    def _counts(self, path: str) -> bool:
        in_tests = self.project.config.duplicates_in_tests
        return not path.endswith(".pyi") and (in_tests or not is_test_path(path))

    def _read_all(self, paths: Collection[str]) -> dict[str, FileLogic]:
        """What these files say; much of it is read in several processes."""
        sizes = {}
        for path in paths:
            data = self.project.facts.bytes_of(path) or b""
            if may_hold_logic(path, data):
                sizes[path] = len(data)
        found: dict[str, FileLogic] = {}
        with collector_paused():
            count = process_count(sizes.values(), self.project.jobs)
            for logic, unread in in_processes(self._read, shares(sizes, (), count)):
                found.update(logic)
                self.unread += unread
        self.unread.sort(key=lambda problem: problem.path)
        return {path: self._with_taken(found.get(path, FileLogic(path))) for path in paths}

    def _read(self, paths: Iterable[str]) -> tuple[dict[str, FileLogic], list[Problem]]:
        found: dict[str, FileLogic] = {}
        unread: list[Problem] = []
        for path in paths:
            try:
                found[path] = read_run_logic(self.project.document(path))
            except SourceError as error:
                unread.append(Problem(path, error.line, error.message))
        return found, unread

    def _with_taken(self, logic: FileLogic) -> FileLogic:
        seen = self.project.facts.glance(logic.path)
        taken = {name.rpartition(b".")[2] for name in seen.members}
        taken |= {name.rpartition(b".")[2] + b"." for name in seen.modules}
        names = sorted(name.decode("utf-8", "replace") for name in taken)
        return logic._replace(taken=tuple(names))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All groups, by kind and the place of the first copy."""
        ranking = Ranking(self.project, self.files)
        found: list[Group] = []
        for kind in JOBS:
            found += _Grouping(self, cast(Kind, kind), ranking, _created(found)).groups()
        return tuple(found)

    def copies(self, path: str, kind: str) -> list[Copy]:
        """The copies of one kind in a file, in the order of the text."""
        # Of a project in which only this file is asked about, the others need not be known.
        if kind not in self._jobs_in(path):
            return []
        return [copy for copy in self._by_path.get(path, ()) if job_of(copy.fragment.kind) == kind]

    def _jobs_in(self, path: str) -> set[str]:
        """The jobs that a file does any step of."""
        data = self.project.facts.bytes_of(path)
        if data is None or not self._counts(path) or not may_hold_logic(path, data):
            return set()
        (logic,) = self._logic_of([path])
        return {job_of(fragment.kind) for fragment in logic.fragments}

    @property
    def paths(self) -> Collection[str]:
        """The files that have copies."""
        return self._by_path.keys()

    @cached_property
    def _by_path(self) -> dict[str, list[Copy]]:
        table: dict[str, list[Copy]] = {}
        for group in self.groups:
            for copy in group.copies:
                table.setdefault(copy.fragment.path, []).append(copy)
        for copies in table.values():
            copies.sort(key=lambda copy: (copy.fragment.line, copy.fragment.column))
        return table

    def by_file(self, path: str) -> FileLogic:
        """The run logic of one file."""
        return self._logic_by_path[path]

    @cached_property
    def _logic_by_path(self) -> dict[str, FileLogic]:
        return {logic.path: logic for logic in self.logic}


class _Grouping:
    """Groups the pieces of one kind."""

    def __init__(
        self,
        duplicates: Duplicates,
        kind: Kind,
        ranking: Ranking,
        created: Collection[tuple[str, str]],
    ) -> None:
        """``created`` are the functions whose new runs are in groups already, with their tags:
        these are only copies of what builds such tags alone."""
        project = duplicates.project
        self.duplicates = duplicates
        self.kind = kind
        self.threshold = project.config.duplicate_thresholds.get(kind, THRESHOLDS[kind])
        self.owners = [
            owner
            for logic in duplicates.logic
            for owner in owners(logic, project.primary_name(logic.path) or "", kind)
        ]
        self.created = {id(owner) for owner in self.owners if _is_of(created, owner)}
        self.merits = {id(owner): ranking.merits(owner, kind) for owner in self.owners}
        counts = Counter(
            term.key for owner in self.owners for f in owner.fragments for term in set(f.terms)
        )
        self.weights = {key: 1 / (1 + math.log(count)) for key, count in counts.items()}
        self.counts = counts

    def groups(self) -> Iterator[Group]:
        """One group after the other, that with the best source of truth first."""
        configured = self.duplicates.project.config.sources_of_truth.get(self.kind, "")
        left = sorted(
            self.owners,
            key=lambda o: (
                not _is_helper(o),
                not _is_of_several(o),
                *(-merit for merit in self.merits[id(o)]),
                o.path,
                o.function.first,
            ),
        )
        named = [owner for owner in left if f"{owner.module}:{owner.function.name}" == configured]
        left = [*named, *(owner for owner in left if owner not in named)]
        pairing = Pairing(left, lambda one, other: compare(one, other, self.weights), self.counts)
        for owner in left:
            is_named = owner in named
            if pairing.is_gone(owner) or (id(owner) in self.created and not is_named):
                continue
            found = self.copies_of(owner, pairing)
            if not found:
                continue
            truth = self.truth(owner, found, configured, is_named=is_named)
            taken = [owner, *(match.owner for match in found)]
            pairing.take(taken)
            if _is_of_several(owner):
                pairing.take(self.parts_of(taken))
            if not truth.path:
                own = [self.nearest(owner, fragment, found) for fragment in owner.fragments]
                found += [match for match in own if match.likeness.score >= self.threshold]
            copies = sorted(
                (self.copy(truth, match) for match in found),
                key=lambda copy: (copy.fragment.path, copy.fragment.line, copy.fragment.column),
            )
            yield Group(self.kind, truth, tuple(copies))

    def copies_of(self, owner: Owner, pairing: Pairing) -> list[Match]:
        """The pieces of other functions that do what one of ``owner``'s does, but for what it calls
        itself."""
        served = {name for name, _ in owner.function.calls}
        return [
            match
            for match in pairing.alike(owner, self.threshold)
            if match.owner.last_name not in served or not self._reaches(owner, match.owner)
            if not self._creates_by(match, owner) and not self._builds_on(match, owner)
            if owner.is_made_for_it or id(match.owner) not in self.created
        ]

    def _builds_on(self, match: Match, owner: Owner) -> bool:
        """Whether a function gets the tags that it completes from ``owner``."""
        is_on = f"{ON}{owner.last_name}" in match.fragment.marks
        return is_on and self._reaches(match.owner, owner)

    def _creates_by(self, match: Match, owner: Owner) -> bool:
        """Whether what a piece calls to create an experiment is ``owner``."""
        return f"by {owner.last_name}" in match.fragment.marks and self._reaches(match.owner, owner)

    def parts_of(self, taken: Sequence[Owner]) -> list[Owner]:
        """The readings of the single tags that all of these functions read together."""
        keys = [{term.key for term in owner.fragments[0].terms} for owner in taken]
        shared = set.intersection(*keys)
        functions = {(owner.path, owner.function.name) for owner in taken}
        parts = (part for function in sorted(functions) for part in self.by_function[function])
        return [part for part in parts if part.fragments[0].terms[0].key in shared]

    @cached_property
    def by_function(self) -> dict[tuple[str, str], list[Owner]]:
        """The owners that are of the same function."""
        table: dict[tuple[str, str], list[Owner]] = {}
        for owner in self.owners:
            table.setdefault((owner.path, owner.function.name), []).append(owner)
        return table

    def _reaches(self, owner: Owner, other: Owner) -> bool:
        """Whether a function that calls something named like ``other`` means that one."""
        if owner.path == other.path:
            return bool(other.last_name)
        imports = self.duplicates.by_file(owner.path).imports
        return any(other.last_name in (name, source) for name, _, source in imports)

    def nearest(self, owner: Owner, fragment: Fragment, found: Iterable[Match]) -> Match:
        """``owner``'s own piece, with that of its copies that is most like it."""
        compared = ((m.fragment, compare(fragment, m.fragment, self.weights)) for m in found)
        step, likeness = max(compared, key=lambda item: item[1].score)
        return Match(owner, fragment, step, likeness)

    def truth(
        self,
        owner: Owner,
        found: list[Match],
        configured: str,
        *,
        is_named: bool,
    ) -> Truth:
        """The source of truth of a group that was found around ``owner``."""
        if configured and not is_named:
            module, _, name = configured.partition(":")
            return Truth(module, name, "named by the setting sources-of-truth")
        others = [self.merits[id(match.owner)] for match in found]
        chosen = chosen_by(self.merits[id(owner)], others)
        if is_named:
            chosen = "named by the setting sources-of-truth"
        library = None if chosen else library_truth(owner.fragments)
        if library is not None:
            return library
        if not chosen:
            chosen = "the largest of several that are alike"
        function = owner.function
        return Truth(
            owner.module,
            function.name,
            chosen,
            owner.path,
            function.first,
            function.last,
            function.parameters,
            function.required,
        )

    def copy(self, truth: Truth, match: Match) -> Copy:
        """A copy, with what its file has of the source of truth already."""
        fragment = match.fragment
        logic = self.duplicates.by_file(fragment.path)
        last = truth.name.rpartition(".")[2]
        names = {name for name, _, source in logic.imports if last in (name, source)}
        has_it = bool(names) or truth.path == fragment.path
        calls = dict(match.owner.function.calls)
        line = next((calls[name] for name in sorted({last, *names}) if name in calls), 0)
        is_inside = bool(truth.path)
        return Copy(
            fragment,
            truth,
            match.step if is_inside else None,
            match.likeness.score,
            match.likeness.differs if is_inside else (),
            line if has_it else 0,
            has_it,
        )


def _is_helper(owner: Owner) -> bool:
    """Whether a function is there to read one tag for others."""
    return any("helper" in fragment.marks for fragment in owner.fragments)


def _is_of_several(owner: Owner) -> bool:
    """Whether a function reads several tags together."""
    return any("several" in fragment.marks for fragment in owner.fragments)


def _created(groups: Iterable[Group]) -> set[tuple[str, str]]:
    """The functions whose new runs are copies, or what copies are of."""
    copies = [copy for group in groups if group.kind == "create-run" for copy in group.copies]
    pieces = [piece for copy in copies for piece in (copy.fragment, copy.step) if piece]
    return {(piece.path, piece.function) for piece in pieces}


def _is_of(created: Collection[tuple[str, str]], owner: Owner) -> bool:
    """Whether all pieces of a function are the tags of new runs that are in groups."""
    return all(
        "of a new run" in piece.marks and (piece.path, piece.function) in created
        for piece in owner.fragments
    )
