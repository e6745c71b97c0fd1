"""One walk over a syntax tree, for all who would walk it again."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_LEAVES = frozenset({"ctx", "op", "ops", "kind", "type_comment"})


class SyntaxIndex:
    """The parents of all nodes of a tree, its strings, and its calls."""

    def __init__(self, tree: ast.Module) -> None:
        self.parents: dict[ast.AST, ast.AST] = {}
        self.strings: list[ast.Constant] = []
        self.calls: list[ast.Call] = []
        self.docstrings: list[ast.Constant] = []
        stack: list[ast.AST] = [tree]
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Constant):
                if isinstance(node.value, str):
                    self.strings.append(node)
                continue
            if isinstance(node, ast.Call):
                self.calls.append(node)
            elif isinstance(
                node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
            ):
                self.docstrings.extend(_texts(node.body))
            below = list(_children(node))
            for child in below:
                self.parents[child] = node
            stack.extend(reversed(below))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name in node._fields:
        if name in _LEAVES:
            continue
        value = getattr(node, name, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    yield item
        elif isinstance(value, ast.AST):
            yield value


def _texts(body: list[ast.stmt]) -> Iterator[ast.Constant]:
    """The docstring of a body; one that stands behind an import from ``__future__`` as well."""
    for statement in body[:3]:
        value = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value
