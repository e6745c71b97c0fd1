"""What ``**options`` gives a call."""

from __future__ import annotations

import ast

from trackfix.project.expressions import dotted, last_name, string_value
from trackfix.project.run_logic.bodies import Body


def spread(call: ast.Call, body: Body) -> dict[str, ast.expr] | None:
    """What ``**options`` gives a call, as far as the function tells; None if there is no such."""
    parts = [keyword.value for keyword in call.keywords if keyword.arg is None]
    if not parts:
        return None
    found: dict[str, ast.expr] = {}
    for part in parts:
        held = body.held(part.id, call.lineno) if isinstance(part, ast.Name) else []
        found |= _items(held[0].value if len(held) == 1 else part)
        if isinstance(part, ast.Name):
            found |= _stored(part.id, call, body)
    return found


def _items(made: ast.expr) -> dict[str, ast.expr]:
    if isinstance(made, ast.Dict):
        items = zip(made.keys, made.values, strict=True)
        return {name: value for key, value in items if (name := string_value(key))}
    if isinstance(made, ast.Call) and last_name(made.func) == "dict":
        return {keyword.arg: keyword.value for keyword in made.keywords if keyword.arg}
    return {}


def _stored(name: str, call: ast.Call, body: Body) -> dict[str, ast.expr]:
    """``options["key"] = value`` and ``options.update(key=value)`` before a call."""
    found: dict[str, ast.expr] = {}
    for node in body.of(ast.Assign):
        for target in node.targets if node.lineno < call.lineno else ():
            if isinstance(target, ast.Subscript) and dotted(target.value) == name:
                key = string_value(target.slice)
                found |= {key: node.value} if key else {}
    for other in body.calls:
        function = other.func
        is_early = isinstance(function, ast.Attribute) and other.lineno < call.lineno
        if is_early and dotted(function) == f"{name}.update":
            found |= {keyword.arg: keyword.value for keyword in other.keywords if keyword.arg}
            for part in other.args:
                found |= _items(part)
    return found
