"""Functions that end with plain steps and the guards between them: ``if not runs: return None``."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.outcomes import FOUND, Case, Guards, Outcomes
from trackfix.project.run_logic.replacing.plain_shapes import Result, Shape, Shapes
from trackfix.project.run_logic.replacing.returned import results_of

_STATEMENTS = (ast.Assign, ast.AnnAssign, ast.If, ast.Return, ast.Raise, ast.Pass)


class PlainTail(NamedTuple):
    """The last statements of a function, which find a run and return it, with their guards and the
    names that they bind."""

    statements: Sequence[ast.stmt]
    guards: Guards
    bound: frozenset[str]


def plain_tail(shapes: Shapes, shape: Shape, wanted: Result) -> PlainTail:
    """Read the end of the function that a search stands in.

    Raises:
        NotPlain: it does something else, too, or does not return the ``wanted`` result.
    """
    function = shapes.function(shape.anchor)
    if not isinstance(function, ast.FunctionDef):
        raise NotPlain("its function is asynchronous")
    steps = [shape.anchor, *(step for _, step in shape.steps)]
    if shape.held is not None and "client" not in shape.roles:
        steps.append(shape.held[1])
    tail = function.body[min(_place(step, function, shapes) for step in steps) :]
    nodes = [node for statement in tail for node in _nodes(statement)]
    if not all(isinstance(node, _STATEMENTS) for node in nodes if isinstance(node, ast.stmt)):
        raise NotPlain("it does more than the plain steps")
    returned = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    if results_of(shapes, shape, returned) - {"nothing"} != {wanted}:
        raise NotPlain(f"it is not plainly the {wanted.replace('-', ' ')} that is returned")
    outcomes = Outcomes(tail, shape, {})
    if outcomes.of("found") != {FOUND}:
        raise NotPlain("it does not return all that it finds")
    guards = (_told(outcomes, "no experiment"), _told(outcomes, "no run"))
    return PlainTail(tail, guards, _bound(shapes, shape, tail))


def _place(node: ast.AST, function: ast.FunctionDef, shapes: Shapes) -> int:
    """At which statement of a function's body a node stands."""
    while shapes.parents[node] is not function:
        node = shapes.parents[node]
    return function.body.index(node) if isinstance(node, ast.stmt) else 0


def _nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """A statement with all that is in it; functions in it are no plain steps."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Lambda):
            raise NotPlain("a function in it may use the steps")
        yield node


def _told(outcomes: Outcomes, case: Case) -> str:
    found = outcomes.of(case)
    if case == "no experiment" and found == {FOUND}:
        return ""  # it does not ask for the experiment by its name
    if FOUND in found or len(found) > 1:
        raise NotPlain("it has several ways")
    (told,) = found
    error = told.removeprefix("raises ")
    if error != told and not hasattr(builtins, error):
        raise NotPlain(f"{error} may be another one there")
    return told


def _bound(shapes: Shapes, shape: Shape, tail: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that the statements bind, for nobody else."""
    inside = {id(node): node for statement in tail for node in ast.walk(statement)}
    stored = (node for node in inside.values() if isinstance(node, ast.Name))
    bound = {node.id for node in stored if isinstance(node.ctx, ast.Store)}
    scope = shapes.scope(shape.anchor)
    for name in bound:
        uses = [use.node for use in shapes.names.scopes.uses_of(name, scope)]
        nodes = [*scope.bindings.get(name, ()), *uses]
        if name not in scope.bindings or any(id(node) not in inside for node in nodes):
            raise NotPlain(f"{name} is used otherwise, too")
    for role in shape.roles.values():
        if any(isinstance(part, ast.Name) and part.id in bound for part in ast.walk(role)):
            raise NotPlain("what it is asked with is made among the steps")
    return frozenset(bound)
