"""Code that already minds which release of MLflow it runs with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trackfix.project.client_names import FileNames
from trackfix.project.expressions import call_name, dotted
from trackfix.source.patterns import lazy_pattern

_ASKS = lazy_pattern(
    r"version|hasattr|find_spec|mlflow_?v?\d|mlflow_(?:[gl][te]|is)", re.IGNORECASE
)
_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "TypeError"})
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class VersionGuards:
    """The tests for a release of MLflow in one file, and what depends on them."""

    def __init__(self, names: FileNames) -> None:
        self._names = names
        self._parents = names.parents
        self._flags: frozenset[str] = frozenset()
        self._flags = frozenset(self._find_flags())

    def hold(self, node: ast.AST) -> bool:
        """Whether a node is only reached with some releases of MLflow, or stands in a ``try`` whose
        other branch does the same for the others."""
        inner, outer = node, self._parents.get(node)
        while outer is not None:
            if self._is_conditional(inner, outer):
                return True
            inner, outer = outer, self._parents.get(outer)
        return False

    def _is_conditional(self, inner: ast.AST, outer: ast.AST) -> bool:
        """Whether the one right below the other is reached with some releases only."""
        tests: list[ast.expr] = []
        if isinstance(outer, (ast.If, ast.IfExp, ast.While)):
            tests = [outer.test]
        elif isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            tests = outer.decorator_list
        if inner not in tests and any(map(self._asks, tests)):
            return True
        if isinstance(outer, ast.Try) and _has_other_branch(outer, inner):
            return True
        return isinstance(inner, ast.stmt) and self._is_left_before(inner, outer)

    def _is_left_before(self, statement: ast.stmt, outer: ast.AST) -> bool:
        """Whether one of the statements before it leaves the block for some releases."""
        for _, block in ast.iter_fields(outer):
            if isinstance(block, list) and statement in block:
                before = block[: block.index(statement)]
                return any(
                    isinstance(s, ast.If) and isinstance(s.body[-1], _ENDS) and self._asks(s.test)
                    for s in before
                )
        return False

    def _asks(self, test: ast.expr) -> bool:
        text = ast.unparse(test)
        if "mlflow" in text.lower() and _ASKS.search(text):
            return True
        return any(
            (isinstance(node, ast.Name) and node.id in self._flags) or self._asks_for_a_name(node)
            for node in ast.walk(test)
        )

    def _asks_for_a_name(self, node: ast.AST) -> bool:
        """``hasattr(module, "name")`` of a module of MLflow, by whatever name it goes."""
        if call_name(node) not in ("hasattr", "getattr") or not isinstance(node, ast.Call):
            return False
        owner = node.args[0] if node.args else None
        scope = self._names.scopes.statement_scopes[self._names.statement(node)]
        found = self._names.of(owner, scope)
        return found is not None and found.module.partition(".")[0] == "mlflow"

    def _find_flags(self) -> Iterator[str]:
        """The names that hold the answer of such a test, or the version itself."""
        for node in self._names.scopes.statement_scopes:
            if isinstance(node, ast.Assign) and self._asks(node.value):
                yield from (t.id for t in node.targets if isinstance(t, ast.Name))


def _has_other_branch(outer: ast.Try, inner: ast.AST) -> bool:
    handlers = [handler for handler in outer.handlers if _catches(handler)]
    if inner in outer.body:
        return any(_names_mlflow(part) for handler in handlers for part in handler.body)
    return inner in handlers and any(map(_names_mlflow, outer.body))


def _catches(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {(dotted(kind) or "").rpartition(".")[2] for kind in kinds}
    # What catches everything may do so for another reason.
    is_broad = names <= {"", "Exception", "BaseException"}
    return bool(names & _CATCHING) or (is_broad and any(map(_imports_mlflow, ast.walk(handler))))


def _names_mlflow(part: ast.AST) -> bool:
    return any(
        _imports_mlflow(node)
        or (isinstance(node, ast.Attribute) and (dotted(node) or "").startswith("mlflow."))
        for node in ast.walk(part)
    )


def _imports_mlflow(node: ast.AST) -> bool:
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    return any(module.partition(".")[0] == "mlflow" for module in modules)
