"""The entry points of a project, and the runs that they create before MLflow is set up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from trackfix.project.files_with_words import files_with
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_order.files import Function, OrderFile, OrderFiles
from trackfix.project.run_order.import_effects import ImportEffects
from trackfix.project.run_order.may_setup import MaySetUp, Unknown
from trackfix.project.run_order.walk import Reached, Step, Walker
from trackfix.project.settings.config import ConfigError, read_toml
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern
from trackfix.source.toml_text import table_at

# What stands at the left margin of a script, or of a module with a function ``main``.
_SCRIPT = lazy_pattern(
    rb"^(?:def main|(?:async )?(?:for|with)|if|try|while|match)\b|^[A-Za-z_][\w.]*(?:\(|.*=.*\()",
    re.MULTILINE,
)
_MAIN = "main"
# What starts it, and the calls that lead to the run.
_Found = tuple[str, tuple[Step, ...]]
# Where one of these stands in a text of the project, runs get what they need from outside.
_OUTSIDE = (b"MLFLOW_TRACKING_URI", b"MLFLOW_EXPERIMENT")


class EarlyRun(NamedTuple):
    """A run that an entry point creates before MLflow is set up. ``entry`` says what starts it,
    ``chain`` are the calls that lead there, ``ways`` what sets up in other entry points."""

    entry: str
    chain: tuple[Step, ...]
    ways: tuple[str, ...]


class EntryPoints:
    """The scripts, notebooks, console scripts and ``main`` functions of a project, and those that
    the setting ``entry-points`` names. Tests are none."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        """
        Raises:
            ConfigError: a function that a setting names is not in the project.
        """
        self._project = project
        self._resolver = resolver
        self._files = resolver.analysis(OrderFiles)
        self._quick = Walker(project, resolver, Unknown())
        may_set_up = resolver.analysis(MaySetUp)
        self._walker = Walker(project, resolver, may_set_up)
        self._found: dict[tuple[str, Walker], list[_Found]] = {}
        self._imports = ImportEffects(project, self._files, may_set_up)
        for key, homes in (
            ("entry-points", project.config.entry_points),
            ("setup-functions", project.config.setup_functions),
        ):
            for home in homes:
                module, _, name = home.partition(":")
                if resolver.resolve(module, name).status == "missing":
                    raise ConfigError(
                        f"pyproject.toml: [tool.trackfix] {key}: there is no '{name}' in {module}"
                    )

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files that may be, or hold, an entry point; none where no run is created, or where
        runs are told from outside where they belong."""
        words = self._files.creation_words
        if not any(not is_test_path(path) for path in files_with(self._project, words)):
            return ()
        if self._is_told_from_outside():
            return ()
        return tuple(path for path in self._project.facts if self._may_start(path))

    def _is_told_from_outside(self) -> bool:
        for path in self._project.text_files:
            if path.rpartition("/")[2] == "MLproject":
                return True
            try:
                data = self._project.read(path)
            except SourceError:
                continue
            if any(word in data for word in _OUTSIDE):
                return True
        return False

    def _may_start(self, path: str) -> bool:
        if is_test_path(path) or path.endswith(".pyi"):
            return False
        data = self._project.facts.bytes_of(path) or b""
        is_named = any(found == path for found, _ in self._named.values())
        if path.endswith(".ipynb") or is_named or b"__main__" in data:
            return True
        return _SCRIPT.search(data) is not None and not self._is_imported(path)

    @cached_property
    def _named(self) -> dict[str, tuple[str, str]]:
        """The functions that settings name as entry points: what is said, file and name."""
        homes = dict.fromkeys(self._project.config.entry_points, "an entry point")
        tables = read_toml(self._project.root / "pyproject.toml")
        for table in (
            table_at(tables, "project", "scripts"),
            table_at(tables, "tool", "poetry", "scripts"),
        ):
            for command, home in table.items():
                if isinstance(home, str):
                    homes[home.partition("[")[0].strip()] = f"the command {command}"
        found = {}
        for home, what in homes.items():
            module, _, name = home.partition(":")
            if name.isidentifier():
                place = self._resolver.resolve(module, name)
                if place.path:
                    found[f"{what}, {place.name}"] = (place.path, place.name)
        return found

    def early_runs(self, path: str) -> Iterator[EarlyRun]:
        """The runs that the entry points of a file create too early, where others do better."""
        # The cheapest questions come first: most files are no entry points, and reach no run.
        if path not in self._project.facts or not self._may_start(path):
            return
        if not self._of_file(path, self._quick):
            return
        if path not in self.paths or not self._may_have_ways:
            return
        found = self._of_file(path, self._walker)
        if not found or not self._ways:
            return
        file = self._files.file(path)
        if file is not None and not self._imports.may_set_up(file):
            seen = set()
            for entry, chain in found:
                if chain[0].node not in seen:
                    seen.add(chain[0].node)
                    yield EarlyRun(entry, chain, self._ways)

    @cached_property
    def _may_have_ways(self) -> bool:
        return bool(self._ways_of(self._quick))

    @cached_property
    def _ways(self) -> tuple[str, ...]:
        """How the entry points of this project set MLflow up; empty if none of them does."""
        return self._ways_of(self._walker)

    def _ways_of(self, walker: Walker) -> tuple[str, ...]:
        for path in self.paths:
            self._of_file(path, walker)
        return tuple(sorted(walker.ways))

    def _of_file(self, path: str, walker: Walker) -> list[_Found]:
        if (path, walker) not in self._found:
            self._found[path, walker] = list(self._follow(path, walker))
        return self._found[path, walker]

    def _follow(self, path: str, walker: Walker) -> Iterator[_Found]:
        file = self._files.file(path)
        if file is None:
            return
        if self._is_script(file):
            try:
                walker.script(file)
            except Reached as reached:
                yield ("the notebook" if path.endswith(".ipynb") else "the script"), reached.chain
        for what, node in self._functions(file):
            try:
                walker.entry(file, node, is_named=what != _MAIN)
            except Reached as reached:
                yield what, reached.chain

    def _is_script(self, file: OrderFile) -> bool:
        path = file.names.path
        is_run = path.endswith(".ipynb") or file.names.facts.has_main_guard
        return is_run or not self._is_imported(file.names.path)

    def _is_imported(self, path: str) -> bool:
        """Whether others may import a file, so that they may have set up before."""
        if path.endswith("/__init__.py"):
            return True
        return bool(self._project.facts.may_import(self._project.names_of(path)) - {path})

    def _functions(self, file: OrderFile) -> Iterator[tuple[str, Function]]:
        bound = file.names.scopes.module.bindings
        for what, (path, name) in self._named.items():
            nodes = bound.get(name, [])
            if path == file.names.path and nodes and isinstance(nodes[-1], Function):
                yield what, nodes[-1]
        main = bound.get(_MAIN, [])
        is_used = any(use.name == _MAIN for use in file.names.scopes.uses)
        is_left = len(main) == 1 and not is_used and not self._is_imported(file.names.path)
        if is_left and isinstance(main[0], Function):
            yield _MAIN, main[0]
