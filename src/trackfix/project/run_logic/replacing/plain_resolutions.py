"""Plain statements that get an experiment by its name, and create it where there is none."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.plain_shapes import Shape, Shapes, arguments_of


class Resolution(NamedTuple):
    """The statements, all of them needed, and what they make of the id: ``x = `` or ``return ``."""

    shape: Shape
    statements: tuple[ast.stmt, ...]
    lead: str


def plain_resolution(shapes: Shapes, call: ast.Call, suite: Sequence[ast.stmt]) -> Resolution:
    """The statements of ``suite`` around a call of ``get_experiment_by_name``.

    Raises:
        NotPlain: they do anything else.
    """
    shape = asked_by_name(shapes, call)
    got = shapes.parents.get(call)
    if not isinstance(got, ast.Assign) or got not in suite or not shape.experiment:
        raise NotPlain("the experiment is not kept in a name")
    place = suite.index(got)
    second, third = (*suite[place + 1 : place + 3], None, None)[:2]
    statements: tuple[ast.stmt, ...] = (got,)
    if isinstance(second, ast.If):
        test, made = second.test, second.body
        other = second.orelse
        statements += (second,)
        if not other and third is not None:
            other = [third]
            statements += (third,)
            if not isinstance(third, ast.Return):
                raise NotPlain("the steps are not plain")
    elif isinstance(second, (ast.Assign, ast.Return)) and isinstance(second.value, ast.IfExp):
        choice = second.value
        test = choice.test
        made, other = [_with_value(second, choice.body)], [_with_value(second, choice.orelse)]
        statements += (second,)
    else:
        raise NotPlain("the steps are not plain")
    if len(made) != 1 or len(other) != 1:
        raise NotPlain("the steps are not plain")
    if not _is_missing(test, shape.experiment):
        made, other = other, made
        if not _is_there(test, shape.experiment):
            raise NotPlain("another condition decides")
    lead, created = _led(made[0])
    other_lead, known = _led(other[0])
    if lead != other_lead or not _is_id(known, shape.experiment):
        raise NotPlain("the two ways do not give one id")
    check_created(shapes, created, shape)
    name = got.targets[0]
    assert isinstance(name, ast.Name)
    uses = shapes.names.scopes.uses_of(name.id, shapes.scope(got))
    if len(uses) != 2 or shapes.binding(uses[0].node) is not got:
        raise NotPlain("the experiment is used otherwise, too")
    return Resolution(shape, statements, lead)


def asked_by_name(shapes: Shapes, call: ast.Call) -> Shape:
    """The client and the name of a call of ``get_experiment_by_name``.

    Raises:
        NotPlain: it is something else.
    """
    shape = Shape(call)
    shape.give("experiment-name", shapes.asked(call, "get_experiment_by_name", shape))
    statement = shapes.parents.get(call)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        shape.experiment = statement.targets[0].id
    return shape


def check_created(shapes: Shapes, node: ast.expr | None, shape: Shape) -> None:
    """That an expression creates the experiment of the name that was asked for.

    Raises:
        NotPlain: it does something else.
    """
    function = node.func if isinstance(node, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr != "create_experiment":
        raise NotPlain("the steps are not plain")
    assert isinstance(node, ast.Call)
    shapes.receiver(function.value, shape)
    given = arguments_of(node, ("name",))
    if "name" not in given:
        raise NotPlain("it creates an experiment without a name")
    shape.give("experiment-name", given["name"])


def _with_value(statement: ast.Assign | ast.Return, value: ast.expr) -> ast.stmt:
    if isinstance(statement, ast.Return):
        return ast.Return(value)
    return ast.Assign(statement.targets, value)


def _led(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    """What a statement does with its value, and the value."""
    if isinstance(statement, ast.Return):
        return "return ", statement.value
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return f"{target.id} = ", statement.value
    raise NotPlain("the steps are not plain")


def _is_id(node: ast.expr | None, experiment: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "experiment_id"
        and isinstance(node.value, ast.Name)
        and node.value.id == experiment
    )


def _is_missing(test: ast.expr, name: str) -> bool:
    return ast.unparse(test) in (f"{name} is None", f"not {name}")


def _is_there(test: ast.expr, name: str) -> bool:
    return ast.unparse(test) in (f"{name} is not None", name)
