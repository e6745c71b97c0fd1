"""Groups the run logic of one kind: a source of truth for each job, and its copies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from trackfix.project.project import Project
from trackfix.project.run_logic.fragments import FileLogic, Fragment, FunctionLogic, Kind
from trackfix.project.run_logic.groups.group import Copy, Group
from trackfix.project.run_logic.groups.pairing import Match, Pairing
from trackfix.project.run_logic.groups.truths import (
    Owner,
    Ranking,
    Truth,
    chosen_by,
    library_truth,
    owners,
)
from trackfix.project.run_logic.similarity.comparison import compare
from trackfix.project.run_logic.tags.sets import ON

THRESHOLDS: Mapping[str, float] = {
    "find-run": 0.7,
    "create-run": 0.7,
    "resolve-experiment": 0.75,
    "build-tags": 0.7,
    "read-tag": 0.85,
}


class Grouping:
    """Groups the pieces of one kind."""

    def __init__(
        self,
        project: Project,
        logic: Mapping[str, FileLogic],
        kind: Kind,
        ranking: Ranking,
        created: Collection[tuple[str, str]],
    ) -> None:
        """``logic`` is that of the files by their paths, ``created`` the functions whose new runs
        are in groups already, with their tags: these are only copies of what builds such tags
        alone."""
        self._project = project
        self._logic = logic
        self._kind = kind
        self._threshold = project.config.duplicate_thresholds.get(kind, THRESHOLDS[kind])
        self._owners = [
            owner
            for path, found in logic.items()
            for owner in owners(found, project.primary_name(path) or "", kind)
        ]
        self._created = {id(owner) for owner in self._owners if _is_of(created, owner)}
        self._merits = {id(owner): ranking.merits(owner, kind) for owner in self._owners}
        counts = Counter(
            term.key for owner in self._owners for f in owner.fragments for term in set(f.terms)
        )
        self._weights = {key: 1 / (1 + math.log(count)) for key, count in counts.items()}
        self._counts = counts

    def groups(self) -> Iterator[Group]:
        """One group after the other, that with the best source of truth first."""
        configured = self._project.config.sources_of_truth.get(self._kind, "")
        left = sorted(
            self._owners,
            key=lambda o: (
                not _is_helper(o),
                not _is_of_several(o),
                self._is_override(o),
                *(-merit for merit in self._merits[id(o)]),
                o.path,
                o.function.first,
            ),
        )
        named = [owner for owner in left if f"{owner.module}:{owner.function.name}" == configured]
        left = [*named, *(owner for owner in left if owner not in named)]
        pairing = Pairing(left, lambda one, other: compare(one, other, self._weights), self._counts)
        for owner in left:
            is_named = owner in named
            if pairing.is_gone(owner) or (id(owner) in self._created and not is_named):
                continue
            if not is_named and all(self._builds_on(owner, f) for f in owner.fragments):
                continue
            found = self._copies_of(owner, pairing)
            if not found:
                continue
            is_other = bool(named) and not any(_may_serve(known, owner) for known in named)
            set_here = "" if is_other else configured
            truth = self._truth(owner, found, set_here, is_named=is_named)
            taken = [owner, *(match.owner for match in found)]
            pairing.take(taken)
            if _is_of_several(owner):
                pairing.take(self._parts_of(taken))
            if not truth.path:
                own = [self._nearest(owner, fragment, found) for fragment in owner.fragments]
                found += [match for match in own if match.likeness.score >= self._threshold]
            copies = sorted(
                (self._copy(truth, match) for match in found),
                key=lambda copy: (copy.fragment.path, copy.fragment.line, copy.fragment.column),
            )
            yield Group(self._kind, truth, tuple(copies))

    def _is_override(self, owner: Owner) -> bool:
        """Whether a method takes the place of one that is compared itself, which can't call it."""
        others = self._by_last_name.get(owner.last_name, ()) if owner.function.bases else ()
        return any(_overrides(owner.function, other.function) for other in others)

    def _copies_of(self, owner: Owner, pairing: Pairing) -> list[Match]:
        """The pieces of other functions that do what one of ``owner``'s does, but for what it calls
        itself."""
        served = {name for name, _ in owner.function.calls}
        return [
            match
            for match in pairing.alike(owner, self._threshold)
            if match.owner.last_name not in served or not self._reaches(owner, match.owner)
            if not self._creates_by(match, owner)
            and not self._builds_on(match.owner, match.fragment)
            if owner.is_made_for_it or id(match.owner) not in self._created
        ]

    def _builds_on(self, owner: Owner, fragment: Fragment) -> bool:
        """Whether a function gets the tags that it completes from one that is compared itself."""
        return any(
            self._reaches(owner, other)
            for mark in fragment.marks
            if mark.startswith(ON)
            for other in self._by_last_name.get(mark.removeprefix(ON), ())
        )

    @cached_property
    def _by_last_name(self) -> dict[str, list[Owner]]:
        """The owners by the names by which they are called."""
        table: dict[str, list[Owner]] = {}
        for owner in self._owners:
            table.setdefault(owner.last_name, []).append(owner)
        return table

    def _creates_by(self, match: Match, owner: Owner) -> bool:
        """Whether what a piece calls to create an experiment is ``owner``."""
        return f"by {owner.last_name}" in match.fragment.marks and self._reaches(match.owner, owner)

    def _parts_of(self, taken: Sequence[Owner]) -> list[Owner]:
        """The readings of the single tags that all of these functions read together."""
        keys = [{term.key for term in owner.fragments[0].terms} for owner in taken]
        shared = set.intersection(*keys)
        functions = {(owner.path, owner.function.name) for owner in taken}
        parts = (part for function in sorted(functions) for part in self._by_function[function])
        return [part for part in parts if part.fragments[0].terms[0].key in shared]

    @cached_property
    def _by_function(self) -> dict[tuple[str, str], list[Owner]]:
        """The owners that are of the same function."""
        table: dict[tuple[str, str], list[Owner]] = {}
        for owner in self._owners:
            table.setdefault((owner.path, owner.function.name), []).append(owner)
        return table

    def _reaches(self, owner: Owner, other: Owner) -> bool:
        """Whether a function that calls something named like ``other`` means that one."""
        if owner.path == other.path:
            return bool(other.last_name)
        imports = self._logic[owner.path].imports
        return any(other.last_name in (name, source) for name, _, source in imports)

    def _nearest(self, owner: Owner, fragment: Fragment, found: Iterable[Match]) -> Match:
        """``owner``'s own piece, with that of its copies that is most like it."""
        compared = ((m.fragment, compare(fragment, m.fragment, self._weights)) for m in found)
        step, likeness = max(compared, key=lambda item: item[1].score)
        return Match(owner, fragment, step, likeness)

    def _truth(
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
        rivals = [m.owner for m in found if not _overrides(m.owner.function, owner.function)]
        others = [self._merits[id(rival)] for rival in rivals]
        merits = self._merits[id(owner)]
        chosen = chosen_by(merits, others)
        if is_named:
            chosen = "named by the setting sources-of-truth"
        library = None
        if not chosen:
            library = library_truth(owner.fragments, is_made_for_it=merits.is_made_for_it)
        if library is not None:
            return library
        if not chosen:
            chosen = "the largest of several that are alike" if rivals else "the others override it"
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

    def _copy(self, truth: Truth, match: Match) -> Copy:
        """A copy, with what its file has of the source of truth already."""
        fragment = match.fragment
        logic = self._logic[fragment.path]
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


def _is_of(created: Collection[tuple[str, str]], owner: Owner) -> bool:
    """Whether all pieces of a function are the tags of new runs that are in groups."""
    return all(
        "of a new run" in piece.marks and (piece.path, piece.function) in created
        for piece in owner.fragments
    )


def _may_serve(known: Owner, owner: Owner) -> bool:
    """Whether a function that was found to be unlike ``owner`` may do its job in another way: the
    best run by a metric is another one than it finds, and a child is none without a parent."""
    if known.fragments[0].kind != owner.fragments[0].kind:
        return False
    is_child, is_wanted = (
        any("child" in piece.marks for piece in one.fragments) for one in (known, owner)
    )
    return is_child or not is_wanted


def _overrides(one: FunctionLogic, other: FunctionLogic) -> bool:
    """Whether a method takes the place of another one, in a class that is made from that one's."""
    class_name, _, name = other.name.rpartition(".")
    is_same = one.name.rpartition(".")[2] == name
    return is_same and class_name.rpartition(".")[2] in one.bases
