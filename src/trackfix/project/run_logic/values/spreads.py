"""The parts of dictionaries and lists that a function writes out, and what ``**options`` gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.facts.expressions import dotted, last_name, string_value
from trackfix.project.run_logic.values.bodies import Body


def spread(call: ast.Call, body: Body) -> dict[str, ast.expr] | None:
    """What ``**options`` gives a call, as far as the function tells; None if there is no such."""
    parts = [keyword.value for keyword in call.keywords if keyword.arg is None]
    if not parts:
        return None
    items = [item for part in parts for item in items_of(part, body, call.lineno)]
    return {name: value for key, value in items if (name := string_value(key))}


def items_of(node: ast.expr, body: Body, line: int) -> list[tuple[ast.expr, ast.expr]]:
    """The items that a dictionary has at a line, as far as the function tells."""
    if not isinstance(node, ast.Name):
        return _made(node)
    value = _only_value(node.id, body, line)
    return [*(_made(value) if value is not None else ()), *_stored(node.id, body, line)]


def _made(node: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [(key, value) for key, value in pairs if key is not None]
    if isinstance(node, ast.Call) and last_name(node.func) == "dict":
        return [(ast.Constant(k.arg), k.value) for k in node.keywords if k.arg]
    return []


def _stored(name: str, body: Body, line: int) -> Iterator[tuple[ast.expr, ast.expr]]:
    """``options["key"] = value`` and ``options.update(key=value)`` before a line."""
    for node in body.of(ast.Assign):
        for target in node.targets if node.lineno < line else ():
            if isinstance(target, ast.Subscript) and dotted(target.value) == name:
                yield target.slice, node.value
    for call in body.calls:
        is_early = isinstance(call.func, ast.Attribute) and call.lineno < line
        if is_early and dotted(call.func) == f"{name}.update":
            yield from ((ast.Constant(k.arg), k.value) for k in call.keywords if k.arg)
            for part in call.args:
                yield from _made(part)


def elements_of(node: ast.expr, body: Body, line: int) -> list[ast.expr]:
    """The elements that a list has at a line, as far as the function tells."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return node.elts
    value = _only_value(node.id, body, line) if isinstance(node, ast.Name) else None
    if value is None or not isinstance(node, ast.Name):
        return []
    made = value.elts if isinstance(value, (ast.List, ast.Tuple)) else []
    added = [
        call.args[0]
        for call in body.calls
        if dotted(call.func) == f"{node.id}.append" and len(call.args) == 1 and call.lineno < line
    ]
    return [*made, *added]


def _only_value(name: str, body: Body, line: int) -> ast.expr | None:
    """The only value that a name may hold at a line; None if there is no such."""
    held = body.held(name, line)
    return held[0].value if len(held) == 1 and held[0].how == "value" else None
