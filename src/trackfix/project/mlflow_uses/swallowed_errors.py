"""Errors of tracking calls that nobody gets to see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.facts.expressions import last_name
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall
from trackfix.project.mlflow_uses.unguarded_runs import leaves_early
from trackfix.project.test_paths import is_test_path
from trackfix.source.syntax_index import suite_of

_BROAD = frozenset({"Exception", "BaseException"})
# What a call writes, in the words of a message.
WRITES = {
    "create_run": "a run",
    "log_artifact": "an artifact",
    "log_artifacts": "artifacts",
    "log_batch": "metrics, parameters or tags",
    "log_dict": "a dict",
    "log_figure": "a figure",
    "log_image": "an image",
    "log_input": "an input",
    "log_inputs": "inputs",
    "log_metric": "a metric",
    "log_metrics": "metrics",
    "log_model": "a model",
    "log_param": "a parameter",
    "log_params": "parameters",
    "log_table": "a table",
    "log_text": "a text",
    "set_tag": "a tag",
    "set_tags": "tags",
}


@dataclass(frozen=True, eq=False)
class SwallowedError:
    """Where an error goes unseen: a handler, or a ``with suppress(...)``; and the calls that may
    have failed."""

    node: ast.ExceptHandler | ast.With
    calls: tuple[MlflowCall, ...]

    @property
    def lost(self) -> str:
        """What is lost then."""
        kinds = (WRITES[call.api.rpartition(".")[2]] for call in self.calls)
        return ", ".join(dict.fromkeys(kinds))


def find_swallowed_errors(file: FileCalls) -> Iterator[SwallowedError]:
    """Those in one file; none in tests, which clean up."""
    if is_test_path(file.names.path):
        return
    writes = [
        call for call in file.calls if call.is_certain and call.api.rpartition(".")[2] in WRITES
    ]
    found: dict[ast.ExceptHandler | ast.With, list[MlflowCall]] = {}
    for call in writes:
        node = _swallows(file, call)
        if node is not None:
            found.setdefault(node, []).append(call)
    for node, calls in found.items():
        yield SwallowedError(node, tuple(calls))


def _swallows(file: FileCalls, call: MlflowCall) -> ast.ExceptHandler | ast.With | None:
    """What catches an error of a call first, if it lets nobody know of it."""
    config = file.names.meanings.project.config
    names = _BROAD | {name.rpartition(".")[2] for name in config.swallowed_exceptions}
    levels = config.unseen_log_levels
    inner: ast.AST = call.node
    outer = file.names.parents.get(inner)
    while outer is not None:
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            return None
        if isinstance(outer, ast.Try) and isinstance(inner, ast.stmt) and inner in outer.body:
            broad = next((h for h in outer.handlers if _is_broad(h.type, names)), None)
            if broad is not None:
                is_told = _tells_of_success(file, outer, inner, broad)
                return broad if _is_silent(broad, levels) and not is_told else None
        if isinstance(outer, ast.ExceptHandler):
            return None
        if isinstance(outer, ast.With) and inner in outer.body and _suppresses(outer, names):
            return outer
        inner, outer = outer, file.names.parents.get(outer)
    return None


def _tells_of_success(
    file: FileCalls, around: ast.Try, call: ast.stmt, handler: ast.ExceptHandler
) -> bool:
    """Whether what goes on behind a ``try`` learns of an error, as success goes another way."""
    behind = around.body[around.body.index(call) :]
    if around.orelse or leaves_early(behind):
        return True
    if any(_notes(file, statement, around) for statement in behind[1:]):
        return True
    suite = suite_of(around, file.names.parents) or [around]
    is_again = isinstance(handler.body[-1], ast.Continue)
    return is_again and isinstance(suite[-1], (ast.Break, ast.Return))


def _notes(file: FileCalls, statement: ast.stmt, around: ast.Try) -> bool:
    """Whether a statement notes that all went well: ``is_logged = True``, ``count += 1``, by a name
    that has another value before."""
    if isinstance(statement, ast.AugAssign):
        return True
    if not (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)):
        return False
    inside = set(ast.walk(around))
    scopes = file.names.scopes
    for target in statement.targets:
        if isinstance(target, ast.Attribute):
            return True
        scope = scopes.statement_scopes[statement]
        owner = scopes.binding_scope(target.id, scope) if isinstance(target, ast.Name) else None
        if isinstance(target, ast.Name) and owner is not None:
            return any(node not in inside for node in owner.bindings.get(target.id, ()))
    return False


def _is_broad(node: ast.expr | None, names: frozenset[str]) -> bool:
    if isinstance(node, ast.Tuple):
        return any(_is_broad(part, names) for part in node.elts)
    return node is None or last_name(node) in names


def _is_silent(handler: ast.ExceptHandler, levels: tuple[str, ...]) -> bool:
    """Whether a handler does nothing, or says it at a level where nobody looks."""
    return all(_says_nothing(statement, levels) for statement in handler.body)


def _says_nothing(statement: ast.stmt, levels: tuple[str, ...]) -> bool:
    if isinstance(statement, (ast.Pass, ast.Continue)):
        return True
    node = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(node, ast.Constant):
        return True
    return isinstance(node, ast.Call) and last_name(node.func) in levels


def _suppresses(node: ast.With, names: frozenset[str]) -> bool:
    calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any(
        last_name(call.func) == "suppress" and any(_is_broad(part, names) for part in call.args)
        for call in calls
    )
