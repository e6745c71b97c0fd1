"""Definitions that only pass on: they have behaviour, so they are no re-exports."""

from __future__ import annotations

import ast

from trackfix.project.facts.expressions import call_name, dotted

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def wrapped_class(node: ast.ClassDef) -> str:
    """The base of ``class Old(New)`` with an empty body, else an empty string."""
    if len(node.bases) != 1 or node.keywords or node.decorator_list:
        return ""
    body = [s for s in node.body if not (_is_text(s) or isinstance(s, ast.Pass))]
    warns = all(
        isinstance(s, ast.FunctionDef)
        and s.name in ("__init__", "__init_subclass__")
        and all(_is_text(part) or _is_warning(part) or _calls_super(part) for part in s.body)
        for s in body
    )
    return (dotted(node.bases[0]) or "") if warns else ""


def wrapped_function(node: _Function) -> str:
    """What ``def old(*a, **k): warn(...); return new(*a, **k)`` calls, else an empty string."""
    if len(node.body) > 8 or not isinstance(node.body[-1], ast.Return):
        return ""
    for statement in node.body[:-1]:
        if not (
            _is_text(statement)
            or _is_warning(statement)
            or isinstance(statement, (ast.Import, ast.ImportFrom))
        ):
            return ""
    call = node.body[-1].value
    if isinstance(call, ast.Await):
        call = call.value
    target = call_name(call)
    if target is None or not isinstance(call, ast.Call):
        return ""
    arguments = node.args
    parameters = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    parameters |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a}
    given = [a.value if isinstance(a, ast.Starred) else a for a in call.args]
    given += [keyword.value for keyword in call.keywords]
    passes_on = all(isinstance(a, ast.Name) and a.id in parameters for a in given)
    only_passed = len(given) == len(parameters) and bool(parameters)
    is_own = target.partition(".")[0] in parameters
    return target if passes_on and only_passed and not is_own else ""


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_warning(node: ast.stmt) -> bool:
    name = call_name(node.value) if isinstance(node, ast.Expr) else None
    last = (name or "").rpartition(".")[2].lower()
    return "warn" in last or "deprecat" in last


def _calls_super(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and call_name(node.value.func.value) == "super"
    )
