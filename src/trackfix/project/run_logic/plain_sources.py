"""What the source of truth must be so that a call of it can stand for plain steps."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from trackfix.project.expressions import dotted
from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.plain_resolutions import asked_by_name, check_created
from trackfix.project.run_logic.plain_shapes import NotPlain, Result, Role, Shape, Shapes

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
    """A source of truth: which parameter has which role, or which text stands for it, what it
    returns, and in words what it does without an experiment and without a run; empty where it
    fails as the plain steps do."""

    parameters: dict[Role, str]
    literals: dict[Role, str]
    required: tuple[str, ...]
    result: Result
    key: str
    without_experiment: str
    without_run: str


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
    nodes = list(_own_nodes(function))
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
    shape, runs = Shape(call), ""
    if step.kind == "find-run":
        shape = shapes.search(call)
        statement = shapes.parents.get(call)
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            runs = statement.targets[0].id
    elif step.kind == "create-run":
        shape = shapes.creation(call)
    else:
        shape = asked_by_name(shapes, call)
    results = {found for value in returned for found in _Returned(shapes, shape).of(value)}
    if len(results - {"nothing"}) != 1 or "something" in results:
        raise NotPlain("it returns something else")
    result: Result = next(r for r in ("run", "run-id", "experiment-id") if r in results)
    is_nothing = "returns None" if "nothing" in results else ""
    return Source(
        *_parameters(shapes, shape, function),
        required=_required(function),
        result=result,
        key=shape.key,
        without_experiment=_outcome(nodes, shape.experiment),
        without_run=_outcome(nodes, runs) or is_nothing,
    )


class _Returned:
    """Tells what a returned expression is."""

    def __init__(self, shapes: Shapes, shape: Shape) -> None:
        self.shapes = shapes
        self.shape = shape
        self._seen: set[str] = set()

    def of(self, node: ast.expr) -> Iterator[str]:
        """The results that an expression may be."""
        if isinstance(node, ast.IfExp):
            yield from self.of(node.body)
            yield from self.of(node.orelse)
        elif isinstance(node, ast.Constant) and node.value is None:
            yield "nothing"
        elif isinstance(node, ast.Name):
            statements = self._bound(node)
            for statement in statements:
                yield from self.of(statement)
            if not statements:
                yield "something"
        elif self._is_first(node):
            yield "run"
        elif isinstance(node, ast.Attribute):
            yield self._attribute(node)
        elif node is self.shape.anchor and "parent-run-id" in self.shape.roles:
            yield "run"
        elif isinstance(node, ast.Call):
            check_created(self.shapes, node, self.shape)
            yield "experiment-id"
        else:
            yield "something"

    def _bound(self, name: ast.Name) -> list[ast.expr]:
        """What the assignments give that bind a name; nothing if it is bound in another way."""
        if name.id in self._seen:
            return []
        self._seen.add(name.id)
        scope = self.shapes.scope(name)
        found = []
        for node in scope.bindings.get(name.id, ()):
            statement = self.shapes.parents.get(node)
            if not (isinstance(statement, ast.Assign) and statement.targets == [node]):
                return []
            found.append(statement.value)
        return found

    def _attribute(self, node: ast.Attribute) -> str:
        holder = node.value
        if node.attr == "run_id" and isinstance(holder, ast.Attribute) and holder.attr == "info":
            return "run-id" if set(self.of(holder.value)) == {"run"} else "something"
        is_asked = isinstance(holder, ast.Name) and holder.id == self.shape.experiment
        is_resolution = self.shape.roles.keys() <= {"client", "experiment-name"} and is_asked
        is_id = node.attr == "experiment_id" and is_resolution
        return "experiment-id" if is_id else "something"

    def _is_first(self, node: ast.expr) -> bool:
        if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)):
            return False
        return node.slice.value == 0 and self.shapes.follow(
            node.value, Shape(self.shape.anchor)
        ) is (self.shape.anchor)


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of inner ones."""
    for node in ast.iter_child_nodes(function):
        yield node
        if not isinstance(node, _CALLABLE):
            yield from _own_nodes(node)


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
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            literals[role] = node.value
        else:
            raise NotPlain(f"its {role.replace('-', ' ')} is none of its parameters")
    return found, literals


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


def _outcome(nodes: list[ast.AST], name: str) -> str:
    """What a function does after a test of a name, in words."""
    told: list[str] = []
    for node in nodes:
        if not isinstance(node, ast.If) or not name:
            continue
        if not any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node.test)):
            continue
        for statement in node.body:
            for part in (statement, *_own_nodes(statement)):
                if isinstance(part, ast.Raise):
                    raised = part.exc.func if isinstance(part.exc, ast.Call) else part.exc
                    told.append(f"raises {dotted(raised) or 'an error'}")
                elif isinstance(part, ast.Return) and _is_nothing(part.value):
                    told.append("returns None")
    return " or ".join(dict.fromkeys(told))


def _is_nothing(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)
