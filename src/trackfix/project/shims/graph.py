"""The imports around the shims of a project: who imports a shim, and where its names come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.facts.module_facts import Import
from trackfix.project.project import Module, Project, absolute
from trackfix.project.reexports.reexport_module import ReexportModule
from trackfix.project.references.moves import Moves


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """``source`` names ``target`` in ``count`` import statements; a shim hands on so many names."""

    source: str
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class ShimGraph:
    """``importers`` are the modules that import a shim, or did so before an edit, ``homes`` those
    that a reference to a shim belongs to. Each is a dotted name, or the path of a file without one.
    ``imports`` are edges from importers to shims and homes, ``handed_on`` from shims to shims and
    homes. A module may be an importer and a home."""

    importers: tuple[str, ...]
    shims: tuple[str, ...]
    homes: tuple[str, ...]
    imports: tuple[Edge, ...]
    handed_on: tuple[Edge, ...]

    @property
    def idle(self) -> tuple[str, ...]:
        """The shims that no import goes through."""
        used = {edge.target for edge in (*self.imports, *self.handed_on)}
        return tuple(shim for shim in self.shims if shim not in used)


class ShimImports:
    """The imports around the shims that ``moves`` knows, in its project and in edited ones."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._before = moves.project
        self._shims = moves.by_key

    def graph(self, project: Project) -> ShimGraph:
        """The graph of the project, or of ``project``, which is the same one after an edit."""
        moves = self._moves if project is self._before else self._moves.seen_from(project)
        imports = {
            (path, key): count
            for path in self._importers
            for key, count in self._imports_of(project, path).items()
            if key in moves.by_key or key in self._homes
        }
        handed_on: Counter[tuple[str, str]] = Counter()
        used = {key for _, key in imports}
        for shim in _closure(used & moves.by_key.keys(), moves):
            handed_on.update((shim, key) for key in _handed_on(moves, shim))
        ends = {key for _, key in (*imports, *handed_on)}
        return ShimGraph(
            self._named(self._importers),
            self._named(moves.by_key),
            self._named(ends - moves.by_key.keys()),
            self._edges(imports.items()),
            self._edges(handed_on.items()),
        )

    @cached_property
    def _importers(self) -> tuple[str, ...]:
        """The files, shims left out, with an import of a shim before any edit."""
        return tuple(
            path
            for path in sorted(self._before.facts)
            if path not in self._shims
            and not self._shims.keys().isdisjoint(self._imports_of(self._before, path))
        )

    @cached_property
    def _homes(self) -> frozenset[str]:
        """Where the names of the shims belong, for the files that import them and in general."""
        found = {key for shim in self._shims for key in _handed_on(self._moves, shim)}
        for path in self._importers:
            for _, names, key in _statements(self._before, path):
                found.update(
                    _key_of(self._before, target.module, path)
                    for name in names
                    if key in self._shims
                    and (target := self._moves.target_by_key(key, name, path)) is not None
                )
        return frozenset(found - self._shims.keys())

    def _imports_of(self, project: Project, path: str) -> Counter[str]:
        if path not in project.facts:
            return Counter()
        # A statement that takes two names from one module is one import of it.
        return Counter(key for _, key in {(s, key) for s, _, key in _statements(project, path)})

    def _edges(self, found: Iterable[tuple[tuple[str, str], int]]) -> tuple[Edge, ...]:
        name = self._names
        return tuple(sorted(Edge(name(a), name(b), count) for (a, b), count in found))

    def _named(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self._names(key) for key in keys))

    def _names(self, key: str) -> str:
        """What a module is called: its path where another file has its name, too."""
        name = self._before.primary_name(key) if key in self._before.facts else key
        return name if name and (key == name or self._taken[name] == 1) else key

    @cached_property
    def _taken(self) -> Counter[str]:
        return Counter(self._before.primary_name(path) or "" for path in self._before.facts)


def _statements(project: Project, path: str) -> Iterator[tuple[Import, tuple[str, ...], str]]:
    """The import statements of a file, with names taken and the key of the module: a module that
    is taken from its package counts, and not the package."""
    facts = project.facts[path]
    package = Module(project.primary_name(path) or "", path, facts).package
    for statement in facts.imports:
        target = absolute(statement.module, package)
        if target is None:
            continue
        below = [n for n in statement.names if project.is_submodule(f"{target}.{n}", path)]
        for name in below:
            yield statement, (), _key_of(project, f"{target}.{name}", path)
        rest = tuple(name for name in statement.names if name not in below)
        if rest or not below:
            yield statement, rest, _key_of(project, target, path)


def _key_of(project: Project, module: str, importer: str) -> str:
    """The file of a module, or its name if it has none."""
    found = project.find(module, importer)
    return found.path if found is not None and found.path and not found.alias else module


def _handed_on(moves: Moves, key: str) -> Iterator[str]:
    """For each name of a shim the next shim on its way, or else the module where it belongs.
    Names of the standard library and of other packages do not count beside the project's own."""
    shim = moves.by_key[key]
    found = [_next(moves, shim, name, key) for name in shim.names]
    own = [target for target in found if target in moves.project.facts or target in moves.by_key]
    yield from own or found


def _next(moves: Moves, shim: ReexportModule, name: str, key: str) -> str:
    project = moves.project
    answer = moves.resolver.resolve(shim.module, name, shim.path)
    for hop in answer.hops:
        passed = _key_of(project, hop.module, shim.path)
        if passed in moves.by_key and passed != key:
            return passed
    target = moves.target_by_key(key, name, shim.path)
    module = answer.module if target is None or target.obstacle else target.module
    return _key_of(project, module, shim.path)


def _closure(keys: Iterable[str], moves: Moves) -> list[str]:
    """These shims, and those that their names come through."""
    found: dict[str, None] = {}
    stack = sorted(keys)
    while stack:
        key = stack.pop()
        if key not in found:
            found[key] = None
            stack += [other for other in _handed_on(moves, key) if other in moves.by_key]
    return list(found)
