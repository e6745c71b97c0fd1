"""Loops that log metrics, parameters or tags one by one, which one call could log together."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from trackfix.project.facts.expressions import dotted, last_name
from trackfix.project.meaning.scopes import Use
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall
from trackfix.project.mlflow_uses.unguarded_runs import leaves_early
from trackfix.project.test_paths import is_test_path

# The calls that log one, and those that log many; a client has ``log_batch`` for all.
TOGETHER = {"log_metric": "log_metrics", "log_param": "log_params", "set_tag": "set_tags"}
# Functions and methods that take no time to speak of, and that a comprehension could call as well.
_QUICK = frozenset(
    {"float", "int", "str", "round", "bool", "len", "repr", "type", "abs", "min", "max", "sum"}
    | {"isinstance", "hasattr", "getattr", "callable", "issubclass", "isnan", "isfinite", "isna"}
    | {"item", "get", "items", "keys", "values", "lower", "upper", "strip", "split", "format"}
    | {"replace", "join", "startswith", "endswith", "removeprefix", "removesuffix", "mean", "dumps"}
    | {"print", "debug", "info", "tolist", "isdigit", "lstrip", "rstrip", "title", "numpy"}
)
# What gives its elements at once when it is given such: ``zip(names, values)``.
_ITERATORS = frozenset({"enumerate", "zip", "sorted", "list", "tuple", "set", "reversed", "dict"})
_VIEWS = frozenset({"items", "keys", "values"})


@dataclass(frozen=True, eq=False)
class MetricLoop:
    """A ``call`` in a ``loop`` that logs something under another key each time."""

    call: MlflowCall
    loop: ast.For

    @property
    def together(self) -> str:
        """The function that logs all of them at once."""
        return TOGETHER[self.call.api] if self.call.kind == "fluent" else "log_batch"


def find_metric_loops(file: FileCalls) -> Iterator[MetricLoop]:
    """Those in one file; none in tests, where time is not the matter."""
    if is_test_path(file.names.path):
        return
    for call in file.calls:
        if call.is_certain and call.api in TOGETHER:
            loop = _loop_around(file, call)
            if loop is not None and _varies_in_key_only(call, loop) and _is_quick(file, loop):
                yield MetricLoop(call, loop)


def _loop_around(file: FileCalls, call: MlflowCall) -> ast.For | None:
    """The loop that does no more than to log, on some condition maybe."""
    statement = file.names.statement(call.node)
    if not (isinstance(statement, ast.Expr) and statement.value is call.node):
        return None
    inner: ast.AST = statement
    outer = file.names.parents[inner]
    while isinstance(outer, ast.If):
        inner, outer = outer, file.names.parents[outer]
    is_loop = isinstance(outer, ast.For) and inner in outer.body and not outer.orelse
    return outer if is_loop and isinstance(outer, ast.For) else None


def _varies_in_key_only(call: MlflowCall, loop: ast.For) -> bool:
    """Whether each round logs another key, and all else that the call is told stays the same."""
    first = 0 if call.kind == "fluent" else 1
    key, value = call.argument("key", first), call.argument("value", first + 1)
    node = call.node
    spread = any(isinstance(part, ast.Starred) for part in node.args)
    if key is None or value is None or spread:
        return False
    if any(keyword.arg in (None, "synchronous") for keyword in node.keywords):
        return False
    varying = _names(_targets(loop))
    given = (*node.args, *(keyword.value for keyword in node.keywords))
    rest = [part for part in given if part is not key and part is not value]
    return bool(_names([key]) & varying) and not (_names(rest) & varying)


def _targets(loop: ast.For) -> list[ast.AST]:
    """What gets another value in each round."""
    assigned = [
        target
        for statement in loop.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    ]
    return [loop.target, *assigned]


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def _is_quick(file: FileCalls, loop: ast.For) -> bool:
    """Whether the loop has its elements at hand and does nothing with them that takes time."""
    few = file.names.meanings.project.config.metric_loop_minimum
    return _is_at_hand(loop.iter, few) and all(_is_quick_statement(file, s) for s in loop.body)


def _is_at_hand(node: ast.expr, few: int) -> bool:
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return len(node.elts) >= few
    if isinstance(node, ast.Dict):
        return len(node.keys) >= few
    if isinstance(node, ast.Call):
        name = last_name(node.func)
        if isinstance(node.func, ast.Attribute) and name in _VIEWS:
            inner = node.func.value
            return not isinstance(inner, ast.Dict) or _is_at_hand(inner, few)
        return name in _ITERATORS and all(_is_at_hand(part, few) for part in node.args)
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))


def _is_quick_statement(file: FileCalls, statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        parts = (*statement.body, *statement.orelse)
        is_quick = _is_quick_expression(file, statement.test)
        return is_quick and all(_is_quick_statement(file, part) for part in parts)
    if isinstance(statement, (ast.Expr, ast.Assign)):
        return _is_quick_expression(file, statement.value)
    return isinstance(statement, (ast.Continue, ast.Pass))


def _is_quick_expression(file: FileCalls, node: ast.expr) -> bool:
    for part in ast.walk(node):
        if isinstance(part, (ast.Await, ast.Yield, ast.YieldFrom)):
            return False
        if isinstance(part, ast.Call) and last_name(part.func) not in _QUICK:
            call = file.by_node.get(part)
            if call is None or call.api not in TOGETHER:
                return False
    return True


class PlainLoop(NamedTuple):
    """``for k, v in d.items(): mlflow.log_metric(k, v)``, which is ``mlflow.log_metrics(d)``. All
    metrics may have the same ``step``."""

    mapping: ast.expr
    step: ast.expr | None = None
    obstacle: str = ""
    doubt: str = ""


def plain_loop(file: FileCalls, found: MetricLoop) -> PlainLoop | None:
    """The loop as such a plain one; None for all others."""
    loop, node = found.loop, found.call.node
    pair = loop.target.elts if isinstance(loop.target, ast.Tuple) else []
    names = [part.id for part in pair if isinstance(part, ast.Name)]
    key_and_value = (found.call.argument("key", 0), found.call.argument("value", 1))
    given = [part.id for part in key_and_value if isinstance(part, ast.Name)]
    step = found.call.argument("step", 2) if found.call.api == "log_metric" else None
    view = loop.iter
    is_plain = (
        found.call.kind == "fluent"
        and isinstance(view, ast.Call)
        and isinstance(view.func, ast.Attribute)
        and view.func.attr == "items"
        and not (view.args or view.keywords)
        and len(pair) == 2
        and len(node.args) + len(node.keywords) == (2 if step is None else 3)
        and (step is None or _is_same_each_time(step))
        and names == given
        and len(set(names)) == 2
        and len(loop.body) == 1
        and isinstance(loop.body[0], ast.Expr)
        and loop.body[0].value is node
    )
    if not is_plain:
        return None
    assert isinstance(view, ast.Call)
    assert isinstance(view.func, ast.Attribute)
    plain = PlainLoop(view.func.value, step)
    if not isinstance(node.func, ast.Attribute):
        return plain._replace(obstacle=f"{found.together} is not imported here")
    document = file.names.document
    start, end = document.span(loop)
    scope = file.names.scopes.statement_scopes[loop]
    if "#" in document.text[start:end]:
        return plain._replace(obstacle="there is a comment in the loop")
    for name in names:
        owner = file.names.scopes.binding_scope(name, scope)
        uses = file.names.scopes.uses_of(name, owner) if owner is not None else []
        outside = [use for use in uses if not start <= use.start < end]
        if owner is not scope or any(not _is_of_another_loop(file, use, loop) for use in outside):
            return plain._replace(obstacle=f"{name} is used outside of the loop")
    if any(
        _reads_all_names(call) and file.names.scope_at(call) is scope
        for call in document.index.calls
    ):
        return plain._replace(obstacle=f"{names[0]} may be read by locals() or the like")
    return plain._replace(doubt=_doubt(file, loop))


def _is_same_each_time(node: ast.expr) -> bool:
    """Whether an expression without the names of the loop gives the same in each of its rounds."""
    parts = (ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.UnaryOp)
    inner = (part for part in ast.walk(node) if isinstance(part, ast.expr))
    return all(isinstance(part, parts) for part in inner)


def _doubt(file: FileCalls, loop: ast.For) -> str:
    """Why it is not proven that one call does what the loop does."""
    if not _is_in_run(file, loop):
        return "an empty mapping would begin a run where none is active"
    inner: ast.AST = loop
    for outer in _around(file, loop):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            break
        if _may_go_on(outer, inner):
            assert isinstance(outer, ast.stmt)
            word = "try" if isinstance(outer, ast.Try) else "with"
            place = f"the {word} in line {file.names.line(outer)}"
            return f"{place} may go on when a value is refused, and none is logged"
        inner = outer
    return ""


def _may_go_on(outer: ast.AST, inner: ast.AST) -> bool:
    """Whether a statement may catch an error in ``inner``, which it holds, for good."""
    if isinstance(outer, ast.Try):
        raises = (isinstance(handler.body[-1], ast.Raise) for handler in outer.handlers)
        is_left = any(leaves_early(handler.body) for handler in outer.handlers)
        return inner in outer.body and (is_left or not all(raises))
    given = [item.context_expr for item in outer.items] if isinstance(outer, ast.With) else []
    return any(isinstance(e, ast.Call) and last_name(e.func) == "suppress" for e in given)


def _reads_all_names(call: ast.Call) -> bool:
    """Whether a call may read variables that it doesn't name: ``locals()``, ``eval(text)``."""
    name = dotted(call.func)
    return name in ("locals", "eval", "exec") or (name in ("vars", "dir") and not call.args)


def _is_of_another_loop(file: FileCalls, use: Use, loop: ast.For) -> bool:
    """Whether a name is that of another loop around it, which is not around ``loop`` as well."""
    inner: ast.AST = use.node
    outer = file.names.parents.get(inner)
    around = set(_around(file, loop))
    while outer is not None and outer not in around:
        is_body = isinstance(outer, ast.For) and inner in outer.body
        if is_body and isinstance(outer, ast.For) and use.name in _names([outer.target]):
            return True
        inner, outer = outer, file.names.parents.get(outer)
    return False


def _around(file: FileCalls, node: ast.AST) -> Iterator[ast.AST]:
    outer = file.names.parents.get(node)
    while outer is not None:
        yield outer
        outer = file.names.parents.get(outer)


def _is_in_run(file: FileCalls, node: ast.AST) -> bool:
    """Whether a statement stands in the block of a ``with mlflow.start_run()`` that nothing ends
    before."""
    outer = file.names.parents.get(node)
    while outer is not None and not isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
        if isinstance(outer, ast.With):
            for item in outer.items:
                call = item.context_expr
                known = file.by_node.get(call) if isinstance(call, ast.Call) else None
                if known is not None and known.is_certain and known.api == "start_run":
                    return all(last_name(part) != "end_run" for part in ast.walk(outer))
        outer = file.names.parents.get(outer)
    return False
