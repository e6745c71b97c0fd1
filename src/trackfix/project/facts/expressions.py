"""Small questions about expressions and imports of a syntax tree."""

from __future__ import annotations

import ast


def dotted(node: ast.AST | None) -> str | None:
    """``a.b.c`` as text for a name or a chain of attributes, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def call_name(node: ast.AST | None) -> str | None:
    """The dotted name of what a call calls, else None."""
    return dotted(node.func) if isinstance(node, ast.Call) else None


def last_name(node: ast.AST | None) -> str:
    """The last part of a name or of an attribute of anything, else nothing."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def last_call_name(node: ast.AST | None) -> str:
    """The last part of the name of what a call calls, else nothing."""
    return last_name(node.func) if isinstance(node, ast.Call) else ""


def root_name(node: ast.expr) -> str:
    """The name that a chain of attributes, items and calls begins with, else nothing."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def names_in(node: ast.AST) -> set[str]:
    """All names that stand in a node, read or bound."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def written_module(node: ast.ImportFrom) -> str:
    """The module that a from-import names, as it is written: with the dots of a relative one."""
    return "." * node.level + (node.module or "")


def is_none(node: ast.AST | None) -> bool:
    """Whether an expression is the constant ``None``."""
    return isinstance(node, ast.Constant) and node.value is None


def is_not_for_imports(test: ast.expr) -> bool:
    """Whether what stands below ``if`` is not executed when the module is imported:
    ``TYPE_CHECKING``, or a comparison of ``__name__``."""
    if isinstance(test, ast.Compare):
        return dotted(test.left) == "__name__"
    return (dotted(test) or "").endswith("TYPE_CHECKING")


def string_value(node: ast.AST | None) -> str | None:
    """The value of a string literal, else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def keyword_value(call: ast.Call, name: str) -> ast.expr | None:
    """What a call gives for a keyword, else None."""
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
