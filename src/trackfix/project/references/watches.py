"""Tests that watch what it does to come by a name."""

from __future__ import annotations

import ast

from trackfix.project.facts.expressions import call_name, dotted
from trackfix.project.test_paths import is_test_path

_EXPECTS_A_WARNING = frozenset({"warns", "deprecated_call", "assertWarns", "assertWarnsRegex"})
_ABOUT_WARNINGS = ("warn", "deprecat")
_EXPECTS_AN_ERROR = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError"})


def tests_the_import(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a node stands where a test watches what it does to come by a name: that it warns,
    or that it fails."""
    current: ast.AST | None = node
    while current is not None:
        if isinstance(current, (ast.With, ast.AsyncWith)) and any(
            _is_watch(item.context_expr) for item in current.items
        ):
            return True
        if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
            argument.arg == "recwarn" for argument in current.args.args
        ):
            return True
        current = parents.get(current)
    return False


def watched_import(path: str) -> str:
    """What stands in the way of an import whose warnings or errors matter to the file ``path``."""
    who = "a test watches" if is_test_path(path) else "the code around it deals with"
    return f"{who} what this import does"


def expects_a_warning(node: ast.AST) -> bool:
    """Whether a statement or expression is there to see what warnings come: a ``with`` block, a
    call of a method such as ``assertWarns``, or a test that takes ``recwarn``."""
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return any(_is_about_warnings(item.context_expr) for item in node.items)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return any(argument.arg == "recwarn" for argument in node.args.args)
    name = (call_name(node) or "").rpartition(".")[2]
    return name in _EXPECTS_A_WARNING


def _is_about_warnings(expression: ast.expr) -> bool:
    name = (call_name(expression) or "").rpartition(".")[2]
    if name in _EXPECTS_A_WARNING:
        return True
    if name == "catch_warnings":
        return _records(expression)
    return any(word in name.lower() for word in _ABOUT_WARNINGS)


def _is_watch(expression: ast.expr) -> bool:
    if _is_about_warnings(expression):
        return True
    name = (call_name(expression) or "").rpartition(".")[2]
    if not isinstance(expression, ast.Call):
        return False
    if name in _EXPECTS_AN_ERROR:
        kinds = [n for argument in expression.args[:1] for n in ast.walk(argument)]
        return any((dotted(n) or "").rpartition(".")[2] in _IMPORT_ERRORS for n in kinds)
    return False


def _records(call: ast.expr) -> bool:
    """``catch_warnings(record=True)``"""
    return isinstance(call, ast.Call) and any(
        keyword.arg == "record" and isinstance(keyword.value, ast.Constant) and keyword.value.value
        for keyword in call.keywords
    )
