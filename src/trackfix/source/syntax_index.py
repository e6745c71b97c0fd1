"""One walk over a syntax tree, for all who would walk it again."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

_LEAVES = frozenset({"ctx", "op", "ops", "kind", "type_comment"})
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}


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
            if isinstance(node, ast.Call):
                self.calls.append(node)
            elif isinstance(
                node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
            ):
                self.docstrings.extend(_texts(node.body))
            for child in children(node):
                self.parents[child] = node
                kind = type(child)
                if kind is ast.Constant:
                    if isinstance(child.value, str):  # type: ignore[attr-defined]
                        self.strings.append(child)  # type: ignore[arg-type]
                elif kind is not ast.Name:
                    stack.append(child)
        for found in (self.strings, self.calls, self.docstrings):
            found.sort(key=_position)


def _position(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def own_nodes(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a body in the order of the text, without what is in functions and classes of
    it."""
    stack = [*reversed(body)]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _INNER):
            stack += reversed(children(node))


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, in the order of the text; those without a place are left out."""
    found: list[ast.AST] = []
    kind = type(node)
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = tuple(name for name in node._fields if name not in _LEAVES)
    for name in fields:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def suite_of(statement: ast.stmt, parents: Mapping[ast.AST, ast.AST]) -> list[ast.stmt]:
    """The list of statements that one stands in; empty for what is only like a statement."""
    around = parents.get(statement)
    for name in ("body", "orelse", "finalbody"):
        suite = getattr(around, name, None)
        if isinstance(suite, list) and statement in suite:
            return suite
    return []


def _texts(body: list[ast.stmt]) -> Iterator[ast.Constant]:
    """The docstring of a body; one that stands behind an import from ``__future__`` as well."""
    for statement in body[:3]:
        value = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value
