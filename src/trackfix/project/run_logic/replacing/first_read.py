"""Whether steps may move into the statement that reads what they give."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_EFFECTS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


def is_first(node: ast.expr, statement: ast.stmt, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether ``statement`` reads ``node`` once in any case, and does nothing else before."""
    inner: ast.AST = node
    while inner is not statement:
        outer = parents[inner]
        if _may_be_left_out(inner, outer):
            return False
        inner = outer
    if isinstance(statement, ast.While):
        return False
    around = {id(node)}
    inner = node
    while inner is not statement:
        inner = parents[inner]
        around.add(id(inner))
    if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)) and statement.value:
        if id(statement.value) not in around:  # the value comes before the targets
            return not _has_effect(statement.value)
        parts = list(ast.walk(statement.value))
    else:
        parts = list(ast.walk(statement))
    place = (node.lineno, node.col_offset)
    return not any(
        isinstance(part, _EFFECTS)
        and id(part) not in around
        and (part.lineno, part.col_offset) < place
        for part in parts
    )


def _may_be_left_out(inner: ast.AST, outer: ast.AST) -> bool:
    if isinstance(outer, ast.IfExp):
        return inner is not outer.test
    if isinstance(outer, ast.BoolOp):
        return inner is not outer.values[0]
    if isinstance(outer, ast.Compare):
        return inner in outer.comparators[1:]
    if isinstance(outer, ast.Assert):
        return inner is outer.msg
    return isinstance(outer, _COMPREHENSIONS)


def _has_effect(node: ast.expr) -> bool:
    return any(isinstance(part, _EFFECTS) for part in ast.walk(node))
