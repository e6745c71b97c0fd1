"""What the source of truth must be so that a call of it can stand for plain steps."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple

from trackfix.project.facts.expressions import dotted
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.outcomes import (
    FOUND,
    Case,
    Guards,
    Outcomes,
    Value,
    defaults_of,
)
from trackfix.project.run_logic.replacing.plain_resolutions import asked_by_name
from trackfix.project.run_logic.replacing.plain_shapes import Result, Role, Shape, Shapes
from trackfix.project.run_logic.replacing.returned import results_of
from trackfix.source.syntax_index import own_nodes

# What a function that does no more than the plain steps never calls.
_MORE = frozenset(
    {
        "delete_run",
        "end_run",
        "log_batch",
        "log_metric",
        "log_param",
        "restore_experiment",
        "set_experiment",
        "set_tag",
        "set_tags",
        "set_terminated",
        "start_run",
        "update_run",
    }
)
_CALLABLE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class Source(NamedTuple):
    """A source of truth: which parameter has which role, or which constant stands for it, what it
    returns, and its guards. ``filled`` are the roles for which it has something of its own. For
    ``quotes``, ``helper`` and ``maker`` see `Shape`."""

    parameters: dict[Role, str]
    literals: dict[Role, str]
    required: tuple[str, ...]
    result: Result
    guards: Guards
    filled: frozenset[Role]
    quotes: Mapping[Role, str]
    helper: Meaning | None
    maker: Meaning | None


def read_source(shapes: Shapes, step: Fragment) -> Source:
    """Read the function that ``step``, a piece of the source of truth, stands in.

    Raises:
        NotPlain: it does something else, too, or returns something else.
    """
    call = shapes.call_at(step.line, step.column)
    function = shapes.function(call)
    if function is None or function not in shapes.document.tree.body:
        raise NotPlain("it is no function at the top of a module")
    if isinstance(function, ast.AsyncFunctionDef) or function.decorator_list:
        raise NotPlain("it is decorated or asynchronous")
    nodes = list(own_nodes(function.body))
    if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes):
        raise NotPlain("it is a generator")
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    names = [(dotted(node.func) or "").rpartition(".")[2] for node in calls]
    more = next((name for name in names if name in _MORE), "")
    if more:
        raise NotPlain(f"it calls {more}, too")
    if sum(name in ("search_runs", "create_run") for name in names) > 1:
        raise NotPlain("it has several ways")
    returned = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    if step.kind == "find-run":
        shape = shapes.search(call)
    elif step.kind == "create-run":
        shape = shapes.creation(call)
    else:
        shape = asked_by_name(shapes, call)
    results = results_of(shapes, shape, returned)
    if shape.maker is not None:
        shape.roles.pop("client", None)
    if len(results - {"nothing"}) != 1 or "something" in results:
        raise NotPlain("it returns something else")
    result: Result = next(r for r in ("run", "run-id", "experiment-id") if r in results)
    parameters, literals = _parameters(shapes, shape, function)
    outcomes = Outcomes(function.body, shape, _known(function, parameters))
    if outcomes.of("found") != {FOUND}:
        raise NotPlain("it does not return all that it finds")
    return Source(
        parameters,
        literals,
        required=_required(function),
        result=result,
        guards=(_told(outcomes, "no experiment", step), _told(outcomes, "no run", step)),
        filled=frozenset(_filled(shapes, shape, function, parameters) | literals.keys()),
        quotes=shape.quotes,
        helper=shape.helper,
        maker=shape.maker,
    )


def _known(function: ast.FunctionDef, parameters: Mapping[Role, str]) -> dict[str, Value]:
    """What is known of the parameters of a function: those that no call gives have their
    defaults."""
    given = parameters.values()
    known = {name: value for name, value in defaults_of(function).items() if name not in given}
    client = parameters.get("client")
    return {**known, client: "there"} if client else known


def _told(outcomes: Outcomes, case: Case, step: Fragment) -> str:
    """What the function does in a case, in words; a search that still finds something then asks
    elsewhere, and an experiment that is not created is no experiment."""
    found = outcomes.of(case)
    is_search = step.kind == "find-run"
    if (FOUND in found) is is_search or (len(found) > 1 and not is_search):
        if is_search and case == "no experiment" and found == {FOUND}:
            return ""  # it does not ask for the experiment by its name
        raise NotPlain("it has several ways")
    return "" if not is_search else " or ".join(sorted(filter(None, found)))


def _parameters(
    shapes: Shapes, shape: Shape, function: ast.FunctionDef
) -> tuple[dict[Role, str], dict[Role, str]]:
    given = function.args
    names = {a.arg: a for a in (*given.args, *given.kwonlyargs)}
    scope = shapes.scope(shape.anchor)
    found: dict[Role, str] = {}
    literals: dict[Role, str] = {}
    for role, node in shape.roles.items():
        bound = scope.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
        if isinstance(node, ast.Name) and bound and bound[0] is names.get(node.id):
            if not all(_is_default(shapes, part, node.id) for part in bound[1:]):
                raise NotPlain(f"it changes {node.id}")
            found[role] = node.id
        elif constant := shapes.constant(node):
            literals[role] = constant
        else:
            raise NotPlain(f"its {role.replace('-', ' ')} is none of its parameters")
    return found, literals


def _filled(
    shapes: Shapes, shape: Shape, function: ast.FunctionDef, parameters: Mapping[Role, str]
) -> set[Role]:
    """The roles that get another value than None where a call does not give them."""
    bindings = shapes.scope(shape.anchor).bindings
    defaults = defaults_of(function)
    return {
        role
        for role, name in parameters.items()
        if len(bindings[name]) > 1 or defaults.get(name, "none") != "none"
    }


def _is_default(shapes: Shapes, target: ast.AST, name: str) -> bool:
    """Whether a parameter gets a value there only where it has none: ``x = x or make()``."""
    statement = shapes.parents.get(target)
    if not isinstance(statement, ast.Assign):
        return False
    value, outer = statement.value, shapes.parents.get(statement)
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
        return ast.unparse(value.values[0]) == name
    tests = (f"{name} is None", f"not {name}")
    return isinstance(outer, ast.If) and ast.unparse(outer.test) in tests


def _required(function: ast.FunctionDef) -> tuple[str, ...]:
    given = function.args
    if given.posonlyargs:
        raise NotPlain("it takes arguments by position only")
    names = [a.arg for a in given.args]
    pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    needed = names[: len(names) - len(given.defaults)]
    return (*needed, *(a.arg for a, default in pairs if default is None))
