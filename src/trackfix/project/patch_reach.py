"""Whom a ``mock.patch`` reaches: a patch in the home is wider than one in a shim."""

from __future__ import annotations

import ast

from trackfix.project.project import Project
from trackfix.project.scope_analysis import analyse
from trackfix.source.errors import SourceError


class PatchReach:
    """Finds the definitions of a module that look another of its names up when they run."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._looked_up: dict[str, dict[str, set[str]]] = {}

    def users(self, module: str, name: str, importer: str) -> frozenset[str]:
        """The functions and classes of ``module`` that use its global ``name``, directly or
        through each other."""
        home = self.project.find(module, importer)
        if home is None or not home.path or home.facts is None:
            return frozenset()
        if home.path not in self._looked_up:
            self._looked_up[home.path] = self._read(home.path)
        table = self._looked_up[home.path]
        found: set[str] = set()
        wanted = {name}
        while wanted:
            wanted = {user for user, names in table.items() if names & wanted} - found - {name}
            found |= wanted
        return frozenset(found)

    def _read(self, path: str) -> dict[str, set[str]]:
        """For each top-level definition the global names that it uses when it runs."""
        try:
            scopes = analyse(self.project.document(path))
        except SourceError:
            return {}
        owners: dict[int, str] = {}
        for statement in scopes.module.node.body:  # type: ignore[attr-defined]
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                owners[id(statement)] = statement.name
        table: dict[str, set[str]] = {}
        for use in scopes.uses:
            if scopes.binding_scope(use.name, use.scope) is not scopes.module:
                continue
            scope = use.scope
            while scope.parent is not None and scope.parent is not scopes.module:
                scope = scope.parent
            owner = owners.get(id(scope.node))
            if owner is not None:
                table.setdefault(owner, set()).add(use.name)
        return table
