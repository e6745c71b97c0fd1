"""Code that already minds which release of MLflow it runs with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trackfix.project.facts.expressions import call_name, dotted
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.mlflow_uses.mlflow_import import is_of_mlflow
from trackfix.source.patterns import lazy_pattern

_ASKS = lazy_pattern(
    r"version|hasattr|find_spec|signature\(mlflow|mlflow_?v?\d|mlflow_(?:[gl][te]|is)",
    re.IGNORECASE,
)
_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "TypeError"})
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class VersionGuards:
    """The tests for a release of MLflow in one file, and what depends on them.

    What is asked about is MLflow itself, or an object whose method is called: ``hasattr(client,
    "search_experiments")``. It goes by its text, which for MLflow is empty.
    """

    def __init__(self, names: FileNames) -> None:
        self._names = names
        self._parents = names.parents
        self.flags: dict[str, frozenset[str]] = {}
        for _ in range(2):  # a function may stand above what it tells
            self.flags.update(self._find_flags())

    def hold(self, node: ast.AST) -> bool:
        """Whether a node is only reached with some releases of MLflow, or stands in a ``try`` whose
        other branch does the same for the others."""
        owner = _owner(node)
        inner, outer = node, self._parents.get(node)
        while outer is not None:
            if self._is_conditional(inner, outer, owner):
                return True
            inner, outer = outer, self._parents.get(outer)
        return False

    def _is_conditional(self, inner: ast.AST, outer: ast.AST, owner: str) -> bool:
        """Whether the one right below the other is reached with some releases only."""
        tests: list[ast.expr] = []
        if isinstance(outer, (ast.If, ast.IfExp, ast.While)):
            tests = [outer.test]
        elif isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            tests = outer.decorator_list
        if inner not in tests and any(self._asks(test, owner) for test in tests):
            return True
        if isinstance(outer, ast.Try) and self._has_other_branch(outer, inner, owner):
            return True
        return isinstance(inner, ast.stmt) and self._is_left_before(inner, outer, owner)

    def _is_left_before(self, statement: ast.stmt, outer: ast.AST, owner: str) -> bool:
        """Whether one of the statements before it leaves the block for some releases."""
        for _, block in ast.iter_fields(outer):
            if isinstance(block, list) and statement in block:
                before = block[: block.index(statement)]
                return any(
                    isinstance(s.body[-1], _ENDS) and self._asks(s.test, owner)
                    for s in before
                    if isinstance(s, ast.If)
                )
        return False

    def _asks(self, test: ast.expr, owner: str) -> bool:
        """Whether a test asks about MLflow itself, or about what has the text ``owner``."""
        asked = self._asked(test)
        if "" in asked or owner in asked:
            return True
        nodes = (node for node in ast.walk(test) if isinstance(node, (ast.Name, ast.Attribute)))
        return any(map(self._is_flag_elsewhere, nodes))

    def _asked(self, test: ast.expr) -> frozenset[str]:
        """What a test asks about, if that can depend on the release of MLflow."""
        text = ast.unparse(test)
        if "mlflow" in text.lower() and _ASKS.search(text):
            return frozenset({""})
        found: set[str] = set()
        for node in ast.walk(test):
            if isinstance(node, ast.Name):
                found |= self.flags.get(node.id, frozenset())
            elif call_name(node) in ("hasattr", "getattr") and isinstance(node, ast.Call):
                found.update(map(self._owner_asked, node.args[:1]))
        return frozenset(found)

    def _is_flag_elsewhere(self, node: ast.Name | ast.Attribute) -> bool:
        """Whether an expression means a name that another module of the project gives to the
        answer: ``from pkg.compat import IS_MLFLOW_3``."""
        scope = self._names.scope_at(node)
        found = self._names.of(node, scope)
        meanings = self._names.meanings
        module = meanings.project.find(found.module) if found is not None and found.name else None
        if found is None or module is None or module.path == self._names.path:
            return False
        names = meanings.file(module.path)
        return names is not None and "" in VersionGuards(names).flags.get(found.name, ())

    def _owner_asked(self, owner: ast.expr) -> str:
        """What ``hasattr(owner, "name")`` asks about, by whatever name MLflow's modules go."""
        scope = self._names.scope_at(owner)
        found = self._names.of(owner, scope)
        is_mlflow = found is not None and found.module.partition(".")[0] == "mlflow"
        return "" if is_mlflow else ast.unparse(owner)

    def _find_flags(self) -> Iterator[tuple[str, frozenset[str]]]:
        """The names that hold the answer of such a test, or the version itself, and the functions
        that give it."""
        for node in self._names.scopes.statement_scopes:
            asked = self._asked(node.value) if isinstance(node, ast.Assign) else None
            if isinstance(node, ast.Assign) and asked:
                yield from ((t.id, asked) for t in node.targets if isinstance(t, ast.Name))
            elif isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
                answer = node.body[-1].value
                if isinstance(answer, ast.Compare) and "" in self._asked(answer):
                    yield node.name, frozenset({""})

    def _has_other_branch(self, outer: ast.Try, inner: ast.AST, owner: str) -> bool:
        handlers = [handler for handler in outer.handlers if _catches(handler)]
        if inner in outer.body:
            parts: list[ast.stmt] = [part for handler in handlers for part in handler.body]
        else:
            parts = outer.body if inner in handlers else []
        return any(self._uses_mlflow(node, owner) for part in parts for node in ast.walk(part))

    def _uses_mlflow(self, node: ast.AST, owner: str) -> bool:
        """Whether a node takes something from MLflow, makes a client, or calls another method of
        what has the text ``owner``."""
        if isinstance(node, ast.Attribute):
            is_of_mlflow = (dotted(node) or "").startswith("mlflow.")
            return is_of_mlflow or (owner != "" and ast.unparse(node.value) == owner)
        if isinstance(node, ast.Name):
            scope = self._names.scope_at(node)
            found = self._names.of_name(node.id, scope)
            return found is not None and found.is_client
        return _imports_mlflow(node)


def _owner(node: ast.AST) -> str:
    """The text of what has the method that is called; empty for no such call."""
    called = node.func if isinstance(node, ast.Call) else node
    return ast.unparse(called.value) if isinstance(called, ast.Attribute) else ""


def _catches(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {(dotted(kind) or "").rpartition(".")[2] for kind in kinds}
    # What catches everything may do so for another reason.
    is_broad = names <= {"", "Exception", "BaseException"}
    return bool(names & _CATCHING) or (is_broad and any(map(_imports_mlflow, ast.walk(handler))))


def _imports_mlflow(node: ast.AST) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom)) and is_of_mlflow(node)
