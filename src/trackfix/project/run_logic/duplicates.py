"""The run logic that a project has more than once, and the one function to call instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import cast

from trackfix.project.modules.resolution import Resolver
from trackfix.project.processes import in_processes, process_count, shares
from trackfix.project.project import Problem, Project, collector_paused
from trackfix.project.run_logic.creating.creations import settled
from trackfix.project.run_logic.finding.elsewhere import Elsewhere
from trackfix.project.run_logic.fragments import FileLogic, Fragment, Kind, job_of
from trackfix.project.run_logic.groups.group import Copy, Group
from trackfix.project.run_logic.groups.grouping import Grouping
from trackfix.project.run_logic.groups.truths import Ranking
from trackfix.project.run_logic.reading import may_hold_logic, read_run_logic
from trackfix.project.run_logic.values.keys import Keys
from trackfix.project.settings.config import ConfigError
from trackfix.project.settings.setting_values import JOBS
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError


class Duplicates:
    """All groups of one project. ``unread`` are the files that are no Python and so are left out,
    known once the others have been read."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        """
        Raises:
            ConfigError: the setting names a function that a package of the project does not have.
        """
        self.project = project
        self._resolver = resolver
        self.unread: list[Problem] = []
        self._known: dict[str, FileLogic] = {}
        for job, home in project.config.sources_of_truth.items():
            module, _, name = home.partition(":")
            # Of a method, its class is looked for.
            found = resolver.resolve(module, name.partition(".")[0])
            if found.status == "missing":
                is_there = project.find(module) is not None
                what = f"'{name}' in {module}" if is_there else f"module {module}"
                raise ConfigError(
                    f"pyproject.toml: [tool.trackfix] sources-of-truth '{job}': there is no {what}"
                )

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
            found += Grouping(
                self.project, self._logic_by_path, cast(Kind, kind), ranking, _created(found)
            ).groups()
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


def _created(groups: Iterable[Group]) -> set[tuple[str, str]]:
    """The functions whose new runs are copies, or what copies are of."""
    copies = [copy for group in groups if group.kind == "create-run" for copy in group.copies]
    pieces = [piece for copy in copies for piece in (copy.fragment, copy.step) if piece]
    return {(piece.path, piece.function) for piece in pieces}
