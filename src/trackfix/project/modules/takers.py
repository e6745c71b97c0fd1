"""Who imports what from a module."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from trackfix.project.facts.module_facts import ModuleFacts
from trackfix.project.project import Module, Project, absolute
from trackfix.project.test_paths import is_test_path

if TYPE_CHECKING:
    from trackfix.project.modules.resolution import Resolver

Taken = dict[str, dict[str, str]]


def names_taken(
    project: Project,
    facts: Iterable[tuple[str, ModuleFacts]],
    modules: Collection[str] | None = None,
) -> Taken:
    """For each file the names that other files import from it, each with one of these files, no
    test if there is another. An empty name is the module itself. ``modules`` are the names of the
    modules in question, None for all."""
    taken: Taken = {}
    lasts = None if modules is None else {name.rpartition(".")[2] for name in modules}
    for path, found in sorted(facts, key=lambda item: _rank(item[0])):
        package = Module(project.primary_name(path) or "", path, found).package
        for statement in found.imports:
            last = statement.module.rpartition(".")[2]
            if (
                lasts is not None
                and last
                and last not in lasts
                and lasts.isdisjoint(statement.names)
            ):
                continue
            target = absolute(statement.module, package)
            if target is None:
                continue
            for member in statement.names or ("",):
                for module_name, name in ((target, member), (f"{target}.{member}", "")):
                    if module_name[-1] in ".*" or not (modules is None or module_name in modules):
                        continue
                    module = project.find(module_name, path)
                    if module is not None and module.path and module.path != path:
                        taken.setdefault(module.path, {}).setdefault(name, path)
    return taken


def names_taken_from(project: Project, target: str) -> dict[str, str]:
    """The same for one file; only what may import from it is parsed."""
    return Takers(project).of(target)


class Takers:
    """The same for one file after the other. Those of one name share their importers."""

    def __init__(self, project: Project, _resolver: Resolver | None = None) -> None:
        self._project = project
        self._by_name: dict[str, Taken] = {}

    def of(self, target: str) -> dict[str, str]:
        """The names that other files import from a file, each with one of them; only what may
        import from it is parsed."""
        found: dict[str, str] = {}
        for module in self._project.names_of(target):
            for name, path in self._of_name(module).get(target, {}).items():
                found[name] = min(found.get(name, path), path, key=_rank)
        return found

    def _of_name(self, module: str) -> Taken:
        """The names that are imported from files by one of their names."""
        if module not in self._by_name:
            paths = self._project.may_import((module,)).union(self._by_dots.get(module, ()))
            facts = ((path, self._project.facts[path]) for path in sorted(paths))
            self._by_name[module] = names_taken(self._project, facts, (module,))
        return self._by_name[module]

    @cached_property
    def _by_dots(self) -> dict[str, list[str]]:
        """The files with a ``from . import``, by the packages that may be meant."""
        facts = self._project.facts
        table: dict[str, list[str]] = {}
        for path in facts.importing_parents:
            package = Module(self._project.primary_name(path) or "", path, facts).package
            for dots in facts.glance(path).dots():
                if target := absolute(dots, package):
                    table.setdefault(target, []).append(path)
        return table


def _rank(path: str) -> tuple[bool, str]:
    """What comes first of the files that take a name."""
    return is_test_path(path), path
