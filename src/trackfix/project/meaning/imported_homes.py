"""What the imports of a file come down to: the modules in which the names are really made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.handed_on import makes_names
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project

Statement = ast.Import | ast.ImportFrom
# What is taken through a name that a statement binds.
_Uses = dict[tuple[Statement, str], list[Meaning]]


class ImportedHome(NamedTuple):
    """That a statement imports a module of the project, itself or by a name that it makes.

    ``written`` is the module that the statement names, ``module`` and ``path`` that in which
    ``name`` is made; the name is empty where a module is imported whole. ``for_checkers`` says that
    no run executes the statement.
    """

    statement: Statement
    alias: ast.alias
    written: str
    module: str
    path: str
    name: str
    for_checkers: bool


class ImportedHomes:
    """The imports of a file, wherever they stand. A module that only hands names on counts for
    those that are taken from it; one that also makes names counts itself as well."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self._project = project
        self._resolver = resolver

    def of(self, path: str) -> list[ImportedHome]:
        """One for each imported name, and for each home that is reached through a module."""
        names = self._resolver.analysis(Meanings).file(path)
        if names is None:
            return []
        used = _used_modules(names)
        found: list[ImportedHome] = []
        for node in names.scopes.statement_scopes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found += self._of_statement(names, node, used)
        return found

    def _of_statement(
        self, names: FileNames, node: Statement, used: _Uses
    ) -> Iterator[ImportedHome]:
        for alias in node.names:
            if isinstance(node, ast.Import):
                yield from self._of_module(names, node, alias, alias.name, used)
                continue
            target = names.target(node)
            if target is None or self._project.find(target, names.path) is None:
                continue
            members = [alias.name]
            if alias.name == "*":
                members = sorted(self._resolver.star_names(target, names.path) or ())
                yield from self._itself(names, node, alias, target)
            for member in members:
                home = self._resolver.resolve(target, member, names.path)
                if home.kind == "module" and home.path:
                    yield from self._of_module(names, node, alias, home.module, used)
                    continue
                is_here = home.module == target and home.path
                if is_here or (home.path and home.status == "certain"):
                    yield self._made(names, node, alias, target, home.module, home.path, member)
                yield from self._itself(names, node, alias, target)

    def _of_module(
        self,
        names: FileNames,
        node: Statement,
        alias: ast.alias,
        module: str,
        used: _Uses,
    ) -> Iterator[ImportedHome]:
        """A module that is imported whole, and the homes of what is taken from it."""
        bound = alias.asname or alias.name.partition(".")[0]
        taken = used.get((node, bound), [])
        below = [m for m in taken if m.name or m.module != module]
        if len(below) < len(taken) or not below:
            yield from self._itself(names, node, alias, module, is_used_whole=True)
        else:
            yield from self._itself(names, node, alias, module)
        for meaning in below:
            found = self._project.find(meaning.module, names.path)
            if found is not None and found.path:
                name = meaning.name
                yield self._made(names, node, alias, module, meaning.module, found.path, name)

    def _itself(
        self,
        names: FileNames,
        node: Statement,
        alias: ast.alias,
        module: str,
        *,
        is_used_whole: bool = False,
    ) -> Iterator[ImportedHome]:
        """The module that a statement names, unless it only hands on."""
        found = self._project.find(module, names.path)
        if found is None or not found.path or found.alias is not None:
            return
        facts = found.facts
        if is_used_whole or (facts is not None and makes_names(facts)):
            yield self._made(names, node, alias, module, module, found.path, "")

    def _made(
        self,
        names: FileNames,
        node: Statement,
        alias: ast.alias,
        written: str,
        module: str,
        path: str,
        name: str,
    ) -> ImportedHome:
        home = self._project.primary_name(path) or module
        return ImportedHome(node, alias, written, home, path, name, names.is_for_checkers(node))


def _used_modules(names: FileNames) -> _Uses:
    found: _Uses = {}
    for use in names.scopes.uses:
        meaning, _ = names.of_use(use)
        if meaning is not None:
            for statement in meaning.imports[:1]:
                found.setdefault((statement, use.name), []).append(meaning)
    return found
