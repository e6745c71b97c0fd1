"""The order in which files are loaded, and what an import finds half loaded on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping

from trackfix.project.facts.module_facts import Import
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.possible_importers import possible_importers
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Module, Project, absolute

# More imports within each other are not followed: what they load counts as there.
_DEEPEST = 100


class LoadOrder:
    """Tells which modules can't be the first to be loaded: of two that import each other, only one
    may take a name from the other at once."""

    def __init__(self, project: Project, _resolver: Resolver) -> None:
        self._graph = ImportGraph(project)
        self._project = project
        self._first: dict[str, frozenset[str] | None] = {}
        self._packages: dict[str, Mapping[str, int]] = {}

    def breaks(self, importer: str, line: int, module: str, *, eager: bool) -> str:
        """The import, as ``path:line``, that fails where ``importer`` is loaded first of all and
        imports a module at a line, be it when its code runs if that is not ``eager``. Empty if none
        is known to, or if what stands there fails as well."""
        holder = self._project.find(module, importer)
        if holder is None or holder.path in ("", importer):
            return ""
        loaded = self._loaded_first(module, importer)
        # What is found out for a module alone holds unless the importer is loaded on the way.
        if loaded is not None and importer not in loaded:
            return ""
        by_then = self._loaded_with_package(importer)
        if by_then.get(holder.path, math.inf) < by_then.get(importer, math.inf):
            return ""
        before = line if eager else math.inf
        now = _Loading(self._graph)
        then = _Loading(self._graph, (importer, line, module) if eager else None)
        now.load_up_to(importer, before)
        now.execute_at(importer, line)
        then.load_up_to(importer, before)
        then.load(module, importer)
        return "" if now.failure else then.failure

    def _loaded_first(self, module: str, importer: str) -> frozenset[str] | None:
        """The files that are loaded with a module that is the first one; none of them if there is
        no doubt that it may be. None if it can't be the first."""
        holder = self._project.find(module, importer)
        path = holder.path if holder is not None else ""
        if path not in self._first:
            loading = _Loading(self._graph)
            if self._takes_from_itself(path):
                loading.load(module, importer)
            self._first[path] = None if loading.failure else frozenset(loading.reached)
        return self._first[path]

    def _loaded_with_package(self, path: str) -> Mapping[str, int]:
        """The files that are loaded with the packages around a file, and which of them come before
        which."""
        package = (self._project.primary_name(path) or "").rpartition(".")[0]
        if package not in self._packages:
            loading = _Loading(self._graph)
            loading.load(package, path)
            self._packages[package] = {file: at for at, file in enumerate(loading.reached)}
        return self._packages[package]

    def _takes_from_itself(self, path: str) -> bool:
        """Whether what a file loads at once takes a name from that file at once."""
        back = self._graph.loads(path)
        known = possible_importers(self._project, path)
        if not (back if known is None else back & known):
            return False
        return any(
            statement.eager and statement.names and path in self._graph.named_by(statement, other)
            for other in self._graph.reachable(path) - {path}
            if known is None or other in known
            for statement in self._project.facts[other].imports
        )


def too_early(module: str, failing: str) -> str:
    """The obstacle to an import of a module that breaks another import."""
    return f"{module} can't be loaded first: {failing} would take a name too early"


class _Loading:
    """One interpreter that loads files: ``reached`` is the line at which each of them stands, and
    ``failure`` the import that failed."""

    def __init__(self, graph: ImportGraph, instead: tuple[str, int, str] | None = None) -> None:
        """``instead`` are the file and the line of an import that has been changed, and the module
        that it imports now."""
        self._instead = instead
        self._graph = graph
        self._project = graph.project
        self._depth = 0
        self.reached: dict[str, float] = {}
        self.failure = ""

    def load_up_to(self, path: str, line: float) -> None:
        """Load the packages around a file, and execute its imports above a line."""
        package = (self._project.primary_name(path) or "").rpartition(".")[0]
        if package:
            self.load(package, path)
        if path not in self.reached:
            self._execute(path, line)

    def execute_at(self, path: str, line: int) -> None:
        """Execute the imports of a file that stand in a line."""
        facts = self._project.facts.get(path)
        for statement in facts.imports if facts is not None else ():
            if statement.line == line and not self.failure:
                self._import(statement, path)

    def load(self, module: str, importer: str) -> None:
        """Load a module, and before it the packages around it."""
        parts = module.split(".")
        for count in range(1, len(parts) + 1):
            found = self._project.find(".".join(parts[:count]), importer)
            if found is not None and found.path and found.path not in self.reached:
                self._execute(found.path)

    def _execute(self, path: str, until: float = math.inf) -> None:
        self.reached[path] = 0
        facts = self._project.facts.get(path)
        statements = facts.imports if facts is not None and self._depth < _DEEPEST else ()
        self._depth += 1
        for statement in sorted(statements, key=lambda statement: statement.line):
            if self.failure or statement.line >= until:
                break
            if statement.eager:
                self.reached[path] = statement.line
                if self._instead is not None and self._instead[:2] == (path, statement.line):
                    self.load(self._instead[2], path)
                else:
                    self._import(statement, path)
        self._depth -= 1
        self.reached[path] = until

    def _import(self, statement: Import, path: str) -> None:
        facts = self._project.facts.get(path)
        package = Module(self._project.primary_name(path) or "", path, facts).package
        module = absolute(statement.module, package)
        if module is None:
            return
        self.load(module, path)
        for name in statement.names:
            if self._project.is_submodule(f"{module}.{name}", path):
                self.load(f"{module}.{name}", path)
            elif not self.failure and self._comes_too_early(name, module, statement, path):
                self.failure = f"{path}:{statement.line}"

    def _comes_too_early(self, name: str, module: str, statement: Import, path: str) -> bool:
        """Whether a module is to define a name that is taken from it, but has yet to do so."""
        holder = self._project.find(module, path)
        facts = holder.facts if holder is not None else None
        line = self.reached.get(facts.path, math.inf) if facts is not None else math.inf
        if facts is None or line == math.inf or facts.opaque or "__getattr__" in facts.bindings:
            return False
        events = facts.bindings.get(name, ())
        is_bound = any(e.line < line for e in (*events, *facts.stars)) or not events
        return not (is_bound or any(e.form == "lazy" for e in events)) and not any(
            binding.guard and binding.line == statement.line
            for bindings in self._project.facts[path].bindings.values()
            for binding in bindings
        )
