"""Where a client factory decides itself on what the class gets, and what comes before that."""

from __future__ import annotations

import ast

from trackfix.project.clients.signature import CLASS_PARAMETERS
from trackfix.project.facts.expressions import is_none
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope, Use
from trackfix.source.document import Edit


def given_by(call: ast.Call) -> dict[str, ast.expr]:
    """What a construction without stars gives to the parameters of the class."""
    by_place = dict(zip(CLASS_PARAMETERS, call.args, strict=False))
    return by_place | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def prefer(names: FileNames, scope: Scope, name: str, value: ast.expr) -> Edit | None:
    """``name or value``, written where the function decides on the value that it gives to the
    class; None where it decides in more than one way, or also needs the value for something else,
    such as to set the address for all others."""
    while isinstance(value, ast.Name) and value.id in scope.bindings:
        decision = _only_decision(names, scope, value)
        if decision is None:
            return None
        value = decision
    start, end = names.document.span(value)
    if is_none(value):
        return Edit(start, end, name)
    if isinstance(value, (ast.IfExp, ast.Lambda, ast.NamedExpr)):
        return Edit(start, end, f"{name} or ({names.document.text[start:end]})")
    return Edit(start, start, f"{name} or ")


def _only_decision(names: FileNames, scope: Scope, value: ast.Name) -> ast.expr | None:
    """What a local name was given, the only time, when all else that reads it are conditions."""
    assert isinstance(scope.node, ast.FunctionDef)
    target, *others = scope.bindings[value.id]
    assignment = names.parents.get(target)
    if others or assignment not in scope.node.body:
        return None
    if isinstance(assignment, ast.Assign) and len(assignment.targets) > 1:
        return None
    if not isinstance(assignment, (ast.Assign, ast.AnnAssign)):
        return None
    uses = names.scopes.uses_of(value.id, scope)
    is_free = all(use.node is value or _is_condition(names, use) for use in uses)
    return assignment.value if is_free else None


def _is_condition(names: FileNames, use: Use) -> bool:
    """Whether a use is only asked for its truth, or compared, and handed to nobody."""
    inner: ast.AST = use.node
    outer = names.parents[inner]
    while isinstance(outer, (ast.BoolOp, ast.Compare, ast.UnaryOp)):
        inner, outer = outer, names.parents[outer]
    return isinstance(outer, ast.If) and inner is outer.test
