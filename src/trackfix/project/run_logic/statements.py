"""The statements of functions that call MLflow, without what copies change: names and literals."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.facts.expressions import dotted
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall

Function = ast.FunctionDef | ast.AsyncFunctionDef

_LEFT_OUT = (
    ast.Import,
    ast.ImportFrom,
    ast.Pass,
    ast.Global,
    ast.Nonlocal,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)
_TOLD = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
# What a statement of MLflow counts, and one that any code could have.
_MLFLOW = 3.0
_COMMON = 0.5


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, or the head of one with a body: its ``line`` in the file, its ``shape`` without
    names and literals, the functions of MLflow that it calls, and what it weighs."""

    line: int
    shape: str
    apis: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Code:
    """The statements of one function. ``calls`` are the last names of what it calls."""

    path: str
    name: str
    line: int
    column: int
    statements: tuple[Statement, ...]
    calls: frozenset[str]

    @property
    def key(self) -> tuple[str, str]:
        """What tells the function from others."""
        return self.path, self.name

    @property
    def place(self) -> tuple[str, int, int]:
        """What functions are sorted by."""
        return self.path, self.line, self.column


def read_code(path: str, file: FileCalls) -> Iterator[Code]:
    """All functions of one file, also those that do not call MLflow."""
    calls = {id(call.node): call for call in file.calls}
    document = file.names.document

    def functions(body: list[ast.stmt], prefix: str) -> Iterator[tuple[Function, str]]:
        for node in body:
            if isinstance(node, Function):
                yield node, prefix + node.name
                yield from functions(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.ClassDef):
                yield from functions(node.body, f"{prefix}{node.name}.")
            else:
                for inner in _bodies(node):
                    yield from functions(inner, prefix)

    for node, name in functions(document.tree.body, ""):
        reader = _Reader(calls)
        found = [
            Statement(document.file_line(part.lineno), shape, apis, weight)
            for part, shape, apis, weight in reader.statements(node.body)
        ]
        line, column = document.place(document.span(node)[0])
        yield Code(path, name, line, column, tuple(found), frozenset(reader.called))


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        yield getattr(node, field, [])
    for field in ("handlers", "cases"):
        for part in getattr(node, field, ()):
            yield part.body


class _Reader:
    def __init__(self, calls: dict[int, MlflowCall]) -> None:
        self._calls = calls
        self._apis: list[str] = []
        self.called: set[str] = set()

    def statements(
        self, body: list[ast.stmt]
    ) -> Iterator[tuple[ast.stmt, str, tuple[str, ...], float]]:
        """The statements of a body and of the bodies in it, in the order of the text."""
        for node in body:
            if isinstance(node, _LEFT_OUT) or _is_talk(node):
                continue
            self._apis = []
            shape = self._statement(node)
            apis = tuple(self._apis)
            weight = _MLFLOW if apis else _COMMON if len(shape) < len("Assign(n,call(n))") else 1.0
            yield node, shape, apis, weight
            for inner in _bodies(node):
                yield from self.statements(inner)

    def _statement(self, node: ast.stmt) -> str:
        if isinstance(node, ast.AnnAssign):
            return f"Assign({self._shape(node.target)},{self._shape(node.value)})"
        parts = [
            self._shape(child)
            for child in ast.iter_child_nodes(node)
            if isinstance(child, (ast.expr, ast.withitem))
        ]
        return f"{type(node).__name__}({','.join(parts)})"

    def _shape(self, node: ast.AST | None) -> str:
        """An expression without names and literals; the calls of MLflow keep theirs."""
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, (ast.Constant, ast.JoinedStr)):
            for part in ast.walk(node):
                if isinstance(part, ast.Call):
                    self._call(part)
            return "c"
        if isinstance(node, (ast.Name, ast.Attribute)) and dotted(node) is not None:
            return "n"
        if node is None or isinstance(node, (ast.expr_context, ast.operator, ast.boolop)):
            return ""
        if isinstance(node, ast.cmpop):
            return type(node).__name__
        inner = [self._shape(child) for child in ast.iter_child_nodes(node)]
        return f"{type(node).__name__}({','.join(part for part in inner if part)})"

    def _call(self, node: ast.Call) -> str:
        given = [self._shape(part) for part in node.args]
        given += [self._shape(keyword.value) for keyword in node.keywords]
        known = self._calls.get(id(node))
        if known is not None:
            self._apis.append(known.api)
            return f"mlflow.{known.api}({','.join(given)})"
        name = (dotted(node.func) or "").rpartition(".")[2]
        if name:
            self.called.add(name)
        inner = self._shape(node.func)
        return f"call({','.join([inner, *given])})"


def _is_talk(node: ast.stmt) -> bool:
    """A docstring, or a call that only tells somebody something."""
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    if not isinstance(node.value, ast.Call):
        return False
    name = dotted(node.value.func) or ""
    owner, _, last = name.rpartition(".")
    return name in ("print", "click.echo", "warnings.warn") or (
        last in _TOLD and "log" in owner.lower() and "mlflow" not in owner.lower()
    )
