"""The files that a test loads while it runs, when its patches may hold already."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from trackfix.project.facts.expressions import last_name
from trackfix.project.facts.module_facts import is_package
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.test_reach import fixture_files
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_module, is_test_path
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

_PATCHES = (b"patch", b"setattr")
# An import that does not begin its line, as those in functions.
_INNER_IMPORT = lazy_pattern(rb"(?m)^(?!import\b|from\b).*\bimport\b")
# Of imports in functions, by what they load.
_Lines = Mapping[str, list[int]]


class LateLoads:
    """What the tests of one project load late. A file counts by its own name, not by others that
    import it."""

    def __init__(self, project: Project, _resolver: Resolver) -> None:
        self._graph = ImportGraph(project)
        self._project = project
        self._known: dict[str, _Lines] = {}
        self._loaders: dict[str, _Lines] = {}
        self._reached: dict[str, frozenset[str]] = {}
        self._shared: dict[str, frozenset[str]] = {}

    def of(self, test: str) -> _Lines:
        """The files that a file of the tests names in imports in its functions, and nowhere else,
        with the lines of these; where it loads modules again, also those that it imports in any
        other place, without lines."""
        if test not in self._known:
            self._known[test] = self._find(test)
        return self._known[test]

    def loaders(self, path: str) -> _Lines:
        """The files of the tests that load a file late, with the lines."""
        if path not in self._loaders:
            facts = self._project.facts
            # Whatever imports a module loads the packages around it.
            naming = facts if is_package(path) else facts.may_import(self._project.names_of(path))
            loaded = {test: self.of(test) for test in filter(is_test_path, naming)}
            self._loaders[path] = {
                test: late[path] for test, late in loaded.items() if path in late
            }
        return self._loaders[path]

    def under_patches(self, path: str) -> frozenset[str]:
        """The files that may be loaded while the patches of a file of the tests hold, by whatever
        way: those that its tests load in functions, and all that these load first."""
        if is_test_module(path):
            return self._reached_late(path)
        if path not in self._shared:
            tests = [test for test in self._project.facts if is_test_module(test)]
            if path.endswith("conftest.py"):
                tests = [test for test in tests if path in fixture_files(self._project, test)]
            self._shared[path] = frozenset().union(*map(self._reached_late, tests))
        return self._shared[path]

    def may_be_under_patches(self, path: str, words: Collection[bytes]) -> bool:
        """Whether a file may be loaded while patches hold in a test that has one of some words."""
        facts = self._project.facts
        naming = facts.holding(words) & facts.holding(_PATCHES)
        return any(path in self.under_patches(test) for test in filter(is_test_path, naming))

    def _reached_late(self, test: str) -> frozenset[str]:
        if test not in self._reached:
            late = self._reachable(test, eager=False)
            for path in (test, *fixture_files(self._project, test)) if late else ():
                late -= self._reachable(path, eager=True)
            self._reached[test] = late | self.of(test).keys()
        return self._reached[test]

    def _reachable(self, path: str, *, eager: bool) -> frozenset[str]:
        """What the imports of a file load that are executed with it, or those that are not."""
        if not eager and not _INNER_IMPORT.search(self._project.read_if_possible(path)):
            return frozenset()
        statements = self._project.facts[path].imports
        chosen = (statement for statement in statements if statement.eager is eager)
        named = set[str]().union(*(self._graph.named_by(each, path) for each in chosen))
        return frozenset[str]().union(*map(self._graph.reachable, named))

    def _find(self, test: str) -> _Lines:
        data = self._project.read_if_possible(test)
        if not is_test_path(test) or not any(word in data for word in _PATCHES):
            return {}
        eager, late = set[str](), dict[str, list[int]]()
        for statement in self._project.facts[test].imports:
            for named in self._graph.named_by(statement, test):
                if statement.eager:
                    eager.add(named)
                else:
                    late.setdefault(named, []).append(statement.line)
        if b"reload" in data and self._reloads(test):
            return {named: [] for named in eager | late.keys()}
        return {named: lines for named, lines in late.items() if named not in eager}

    def _reloads(self, test: str) -> bool:
        try:
            calls = self._project.document(test).index.calls
        except SourceError:
            return False
        return any(last_name(call.func) == "reload" for call in calls)
