"""Imports of mlflow's client class by which code provides for an mlflow that is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias, TypeGuard

from trackfix.project.clients.factory import LIBRARY_FACTORY, ClientFactory
from trackfix.project.facts.expressions import call_name, last_name
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement
from trackfix.project.meaning.scopes import Scope
from trackfix_codemods.clients.sites import Site, left_over
from trackfix_codemods.imports.leftovers import bound_by

_UNSAFE = "unsafe: "
ON_CONDITION = f"{_UNSAFE}the class is imported on some condition only"

_Tried: TypeAlias = ast.Try | ast.With | ast.AsyncWith
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class ImportGuards:
    """Tells of the sites of one file whether the code provides for an import that fails."""

    def __init__(self, names: FileNames, factory: ClientFactory, *, unsafe: bool) -> None:
        self.names = names
        self.factory = factory
        self.unsafe = unsafe

    def condition(self, site: Site) -> str:
        """The obstacle that the code provides for an import that fails, as the factory's may not
        fail with it; in an unsafe run it is only noted as a doubt."""
        if site.is_mend:
            return ""
        why = ""
        if not site.anchors:
            why = "unsafe: the class comes by no import statement, but when the code runs"
        elif any(self._tried(anchor, site.target) for anchor in site.anchors):
            why = ON_CONDITION
        site.doubt = why.removeprefix(_UNSAFE)
        return "" if self.unsafe else why

    def keep_what_tells_of_mlflow(self, sites: list[Site]) -> None:
        """Give an obstacle to those that would leave nothing to fail where the code provides for an
        mlflow that isn't installed: the library imports it when it is called, behind the
        handlers."""
        if self.factory.module != LIBRARY_FACTORY.module:
            return
        gone = left_over(self.names, sites)
        for site in sites:
            for anchor in site.anchors:
                tried = self._tried(anchor, site.target)
                if (
                    tried is not None
                    and catches_import_errors(tried)
                    and not _imports_again(tried, site)
                    and not self._imports_mlflow(tried, gone)
                ):
                    site.obstacle = (
                        f"line {self.names.line(tried)} provides for an mlflow that is missing, "
                        f"and {self.factory.module} imports it only when it is called"
                    )

    def _tried(self, anchor: Statement, target: ast.AST) -> _Tried | None:
        """What an import is tried in, if ``target`` stands behind the handlers."""
        around = set(_upwards(self.names, target))
        inner: ast.AST = anchor
        for outer in _upwards(self.names, anchor):
            if isinstance(outer, _SCOPES):
                return None
            if _provides(outer) and inner in outer.body and around.isdisjoint(outer.body):
                return outer
            inner = outer
        return None

    def _imports_mlflow(self, tried: _Tried, gone: list[tuple[str, Scope]]) -> bool:
        """Whether an import of mlflow is tried that binds something else than what is ``gone``."""
        for statement in tried.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.ImportFrom):
                    is_mlflow = (node.module or "").partition(".")[0] == "mlflow"
                    aliases = node.names if is_mlflow else []
                elif isinstance(node, ast.Import):
                    aliases = [a for a in node.names if a.name.partition(".")[0] == "mlflow"]
                else:
                    continue
                scope = self.names.scopes.statement_scopes[node]
                words = {alias.asname or bound_by(node, alias) for alias in aliases}
                if any((word, scope) not in gone for word in words):
                    return True
        return False


def _upwards(names: FileNames, node: ast.AST) -> Iterator[ast.AST]:
    """A node and all that it stands in."""
    current: ast.AST | None = node
    while current is not None:
        yield current
        current = names.parents.get(current)


def catches_import_errors(tried: _Tried) -> bool:
    """Whether handlers, or ``suppress(...)``, are for an import that fails, too."""
    if isinstance(tried, ast.Try):
        caught = [handler.type for handler in tried.handlers]
    else:
        calls = [item.context_expr for item in tried.items]
        caught = [arg for call in calls if isinstance(call, ast.Call) for arg in call.args]
    kinds = [k for kind in caught for k in (kind.elts if isinstance(kind, ast.Tuple) else [kind])]
    return any(kind is None or last_name(kind) in _IMPORT_ERRORS for kind in kinds)


def _imports_again(tried: _Tried, site: Site) -> bool:
    """Whether the class is imported again where its import has failed."""
    handlers = tried.handlers if isinstance(tried, ast.Try) else []
    return bool(handlers) and all(
        any(anchor in handler.body for anchor in site.anchors) for handler in handlers
    )


def _provides(node: ast.AST) -> TypeGuard[_Tried]:
    """Whether a statement provides for errors in its body: with handlers, or
    ``with suppress(ImportError):``."""
    if isinstance(node, ast.Try):
        return bool(node.handlers)
    items = node.items if isinstance(node, (ast.With, ast.AsyncWith)) else []
    names = [call_name(item.context_expr) or "" for item in items]
    return any(name.rpartition(".")[2] == "suppress" for name in names)
