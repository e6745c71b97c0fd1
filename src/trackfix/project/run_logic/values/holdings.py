"""The nodes of one function, and what those that bind names give them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, cast

from trackfix.source.syntax_index import children

Function = ast.FunctionDef | ast.AsyncFunctionDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Looked up by type, as a walk over all nodes of a project asks for it.
_DEFINING = frozenset(DEFINITIONS)
_ASSIGNING = (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.AugAssign)
HOLDING = frozenset({*_ASSIGNING, ast.For, ast.AsyncFor, ast.comprehension, ast.withitem})


class Holding(NamedTuple):
    """What a name gets: a value, ``each`` element of one, what ``with`` gives, or one that is
    ``added`` to what it holds."""

    line: int
    value: ast.expr
    how: str = "value"
    guarded: bool = False

    @property
    def ends(self) -> int:
        """The last line of the value."""
        return self.value.end_lineno or self.line

    def is_made_in(self, other: Holding) -> bool:
        """Whether a name gets this while a value for it is made: ``v = next(v for v in found)``."""
        return other.how == "value" and other.line <= self.line <= other.ends


def own_nodes(
    node: Function | ast.Module, parents: dict[ast.AST, ast.AST]
) -> Iterator[tuple[ast.AST, str]]:
    """The nodes of a body in the order of the text, without those of inner functions, each with the
    class in whose body it stands. Notes their ``parents``."""
    stack: list[tuple[ast.AST, str]] = [(part, "") for part in reversed(node.body)]
    parents.update((part, node) for part in node.body)
    while stack:
        part, owner = stack.pop()
        kind = type(part)
        if kind is ast.Name or kind is ast.Constant:
            yield part, owner
            continue
        inner: list[ast.AST]
        if kind not in _DEFINING:
            inner = children(part)
        elif isinstance(part, ast.ClassDef):
            inner, owner = list(part.body), part.name
        else:
            function = cast(Function, part)
            inner = [*function.decorator_list, *function.args.defaults]
        inner.reverse()
        for child in inner:
            parents[child] = part
            stack.append((child, owner))
        if kind not in _DEFINING:
            yield part, owner


def holdings_of(node: ast.AST) -> Iterator[tuple[ast.expr, Holding]]:
    """What a node gives to targets."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, Holding(node.lineno, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        if node.value is not None:
            yield node.target, Holding(node.lineno, node.value)
    elif isinstance(node, ast.AugAssign):
        yield node.target, Holding(node.lineno, node.value, "added")
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield node.target, Holding(node.lineno, node.iter, "each")
    elif isinstance(node, ast.comprehension):
        yield node.target, Holding(node.target.lineno, node.iter, "each")
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, Holding(node.context_expr.lineno, node.context_expr, "with")
