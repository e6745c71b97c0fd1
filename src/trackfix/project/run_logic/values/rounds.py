"""The rounds of loops and comprehensions, as far as the file writes out what they go through."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.facts.expressions import dotted, string_value
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.spreads import items_of

Loop = ast.comprehension | ast.For | ast.AsyncFor


def rounds_of(loop: Loop, body: Body, line: int) -> list[dict[str, ast.expr]]:
    """What the names of a loop are in each round: one for each item of a dictionary, each pair, or
    each member of a list; none where that is not told, or the loop may leave some of them out."""
    target = loop.target
    names = [dotted(part) or "" for part in getattr(target, "elts", [target])]
    rounds: list[tuple[ast.expr, ...]] = []
    if len(names) == 1:
        rounds += ((member,) for member in _members(loop.iter, body, line))
    elif len(names) == 2:
        rounds += _pairs(loop.iter, body, line)
    if _leaves_out(loop):
        return []
    return [dict(zip(names, parts, strict=True)) for parts in rounds]


def _leaves_out(loop: Loop) -> bool:
    """Whether a loop asks for something that is written out, as to leave that round out:
    ``if key != "stage"``. That a value is there is another question."""
    if isinstance(loop, ast.comprehension):
        tests = loop.ifs
    else:
        tests = [node.test for node in loop.body if isinstance(node, ast.If)]
    asked = (part for test in tests for part in ast.walk(test) if isinstance(part, ast.Compare))
    return any(string_value(part) is not None for one in asked for part in ast.walk(one))


def _members(node: ast.expr, body: Body, line: int) -> list[ast.expr]:
    """The members that are written out of a list, perhaps by a name."""
    held = body.held(dotted(node) or "", line)
    is_told = len(held) == 1 and held[0].how == "value" and not held[0].guarded
    made = held[0].value if is_told else node
    return made.elts if isinstance(made, (ast.List, ast.Tuple)) else []


def _pairs(node: ast.expr, body: Body, line: int) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The pairs that are written out for a loop over ``{...}.items()``, or over a list of them."""
    source = node.func if isinstance(node, ast.Call) else None
    if isinstance(source, ast.Attribute) and source.attr == "items":
        yield from items_of(source.value, body, line)
    for part in node.elts if isinstance(node, (ast.List, ast.Tuple)) else ():
        if isinstance(part, (ast.List, ast.Tuple)) and len(part.elts) == 2:
            yield part.elts[0], part.elts[1]
