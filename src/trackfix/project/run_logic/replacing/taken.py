"""What becomes of the answer of a plain shape."""

from __future__ import annotations

import ast
from typing import NamedTuple

from trackfix.project.facts.expressions import is_none, last_call_name
from trackfix.project.run_logic.replacing.not_plain import NotPlain, UsedAgain
from trackfix.project.run_logic.replacing.plain_shapes import Assigned, Result, Shapes


class Taken(NamedTuple):
    """The expression that has a result, and the assignments that it goes through on the way there;
    ``or_none`` tells that it is None without a run."""

    target: ast.expr
    steps: list[Assigned]
    or_none: bool = False


def taken(shapes: Shapes, call: ast.Call, wanted: Result) -> Taken:
    """What takes the ``wanted`` result of a plain shape.

    Raises:
        NotPlain: the answer is used in other ways.
    """
    steps: list[Assigned] = []
    node: ast.expr = call
    state = "runs" if last_call_name(call) == "search_runs" else "run"
    while state != wanted:
        parent = shapes.parents.get(node)
        if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
            uses = shapes.uses(parent)
            choice = _or_none(shapes, uses, wanted) if state == "runs" else None
            if choice is not None:
                return Taken(choice, [*steps, (uses[0], parent)], or_none=True)
            if len(uses) != 1:
                raise UsedAgain("what it finds is used more than once")
            steps.append((uses[0], parent))
            node = uses[0]
        node, state = _taken_next(shapes, node, state, wanted)
    return Taken(node, steps)


def _taken_next(shapes: Shapes, node: ast.expr, state: str, wanted: Result) -> tuple[ast.expr, str]:
    """What is taken of runs, or of a run, and which result that is."""
    parent = shapes.parents.get(node)
    if state == "runs":
        if isinstance(parent, ast.expr) and _takes_first(parent, node):
            return parent, "run"
        raise NotPlain("it does not take the first run by [0]")
    if state == "run" and isinstance(parent, ast.Attribute) and parent.attr == "info":
        outer = shapes.parents.get(parent)
        if isinstance(outer, ast.Attribute) and outer.attr == "run_id":
            return outer, "run-id"
    raise NotPlain(f"it is not the {wanted.replace('-', ' ')} that is taken of it")


def _or_none(shapes: Shapes, uses: list[ast.Name], wanted: Result) -> ast.IfExp | None:
    """``runs[0] if runs else None``, if these are all uses of the runs."""
    if len(uses) != 2:
        return None
    node, state, test = uses[0], "runs", uses[1]
    choice = shapes.parents.get(test)
    if not (isinstance(choice, ast.IfExp) and choice.test is test and is_none(choice.orelse)):
        return None
    current: ast.expr = node
    while current is not choice.body and state != wanted:
        current, state = _taken_next(shapes, current, state, wanted)
    return choice if current is choice.body and state == wanted else None


def _takes_first(parent: ast.AST | None, node: ast.expr) -> bool:
    return (
        isinstance(parent, ast.Subscript)
        and parent.value is node
        and isinstance(parent.slice, ast.Constant)
        and parent.slice.value == 0
        and isinstance(parent.ctx, ast.Load)
    )
