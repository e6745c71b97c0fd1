"""Filters that are made by hand: what of a run is compared in Python."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from trackfix.project.facts.expressions import dotted, names_in, root_name, string_value
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.tag_keys import NAME_TAG, key_of

_DEEPEST = 2


def derived(name: str, nodes: Iterable[ast.AST]) -> frozenset[str]:
    """A name, and those that are made from it: ``run = client.get_run(info.run_id)``."""
    names = {name}
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            used = names_in(node.value)
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if used & names:
                names.update(target.id for target in targets if isinstance(target, ast.Name))
    return frozenset(names)


def compared(
    node: ast.AST, names: Collection[str], body: Body, depth: int = 0
) -> Iterator[tuple[Term, ast.expr]]:
    """What of the runs with these names is compared below a node, and where: there, or in a
    function of the same file that is asked there."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and depth < _DEEPEST:
            yield from _compared_there(part, names, body, depth)
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.In):
            text = ast.unparse(part.comparators[0])
            if text.partition(".")[0] in names and text.endswith(".metrics"):
                yield Term("metric", key_of(part.left, body)), part.left
            continue
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.IsNot):
            asked = _item(part.left)
            is_of_run = asked and root_name(part.left) in names
            if asked and is_of_run and ast.unparse(asked[0]).endswith(".metrics"):
                yield Term("metric", key_of(asked[1], body)), part.left
            continue
        if not (isinstance(part, ast.Compare) and isinstance(part.ops[0], (ast.Eq, ast.NotEq))):
            continue
        for side, other in ((part.left, part.comparators[0]), (part.comparators[0], part.left)):
            bare = _bare(side)
            if not isinstance(bare, ast.Name) and root_name(bare) in names:
                term = asked_of(side, body, string_value(other) or "")
                if term is not None:
                    yield _left_out(term) if _is_left_out(part, body) else term, side


def _left_out(term: Term) -> Term:
    """What is asked of the runs that are not so, as a filter would say it."""
    if term.kind == "status":
        return term._replace(value=f"!{term.value}" if term.value else "")
    return term._replace(kind=f"no {term.kind}")


def _is_left_out(comparison: ast.Compare, body: Body) -> bool:
    """Whether runs for which two things are equal are those that nothing is done with."""
    is_not = isinstance(comparison.ops[0], ast.NotEq)
    inner: ast.AST = comparison
    outer = body.file.parents.get(inner)
    while isinstance(outer, (ast.BoolOp, ast.UnaryOp)):
        is_not ^= isinstance(outer, ast.UnaryOp) and isinstance(outer.op, ast.Not)
        inner, outer = outer, body.file.parents.get(outer)
    # ``if ...: continue`` is about the others.
    return is_not ^ (isinstance(outer, ast.If) and _turns_away(outer.body[-1]))


def _turns_away(last: ast.stmt) -> bool:
    if isinstance(last, ast.Return):
        return last.value is None or isinstance(last.value, ast.Constant)
    return isinstance(last, (ast.Continue, ast.Raise))


def _compared_there(
    call: ast.Call, names: Collection[str], body: Body, depth: int
) -> Iterator[tuple[Term, ast.expr]]:
    asked = predicate(call.func, body)
    if asked is None:
        return
    given = {
        parameter
        for parameter, part in zip(asked.parameters, call.args, strict=False)
        if isinstance(part, ast.Name) and part.id in names
    }
    if given:
        yield from compared(asked.value, given, asked.body, depth + 1)


class Predicate(NamedTuple):
    """What a lambda or a function of one statement returns, and its parameters."""

    value: ast.expr
    parameters: tuple[str, ...]
    body: Body


def predicate(node: ast.expr, body: Body) -> Predicate | None:
    """The lambda or the function of the same file that an expression is, if it does nothing but
    return something."""
    if isinstance(node, ast.Name):
        held = body.held(node.id, node.lineno)
        if len(held) == 1 and isinstance(held[0].value, ast.Lambda):
            node = held[0].value
    if isinstance(node, ast.Lambda):
        return Predicate(node.body, tuple(part.arg for part in node.args.args), body)
    name = dotted(node) or ""
    own = f"{body.owner}.{name.removeprefix('self.').removeprefix('cls.')}"
    found = (body.file.by_name.get(each) for each in (f"{body.name}.{name}", name, own))
    inner = next((each for each in found if each is not None and each is not body), None)
    if inner is None or isinstance(inner.node, ast.Module):
        return None
    statements = [part for part in inner.node.body if not _is_docstring(part)]
    first = statements[0] if len(statements) == 1 else None
    if not isinstance(first, ast.Return) or first.value is None:
        return None
    return Predicate(first.value, inner.parameters, inner)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def asked_of(side: ast.expr, body: Body, literal: str = "") -> Term | None:
    """What is asked of a run where this part of it is compared, perhaps with a ``literal``; None
    for a part that tells no run from others."""
    bare = _bare(side)
    asked = _item(bare)
    key = key_of(asked[1], body) if asked else ""
    text = ast.unparse(bare)
    if asked and isinstance(asked[0], ast.Name):
        held = body.held(asked[0].id, bare.lineno)
        text = ast.unparse(held[0].value) if len(held) == 1 and held[0].how == "value" else ""
        entity, _, name = key.partition(".")
        if entity in ("tags", "params") and name:  # of a row of a table of runs
            key, text = name, f".{entity}"
        elif not text.endswith((".tags", ".params")):
            key, text = "", f".{key}"
    if text.endswith("run_name"):
        return Term("name", "", literal)
    if text.endswith(("run_id", "run_uuid")):
        return Term("id")
    if text.endswith("status"):
        return Term("status", "", literal)
    if not key or not ("tags" in text or ".params" in text):
        return None
    if "tags" not in text:
        return Term("param", key, literal)
    return Term("name", "", literal) if key == NAME_TAG else Term("tag", key, literal)


def _bare(node: ast.expr) -> ast.expr:
    """What ``str(...)`` or ``int(...)`` is given, or another expression itself."""
    is_same = isinstance(node, ast.Call) and dotted(node.func) in ("str", "int", "float")
    return node.args[0] if is_same and isinstance(node, ast.Call) and node.args else node


def _item(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """What ``owner[key]`` or ``owner.get(key)`` asks, and for which key."""
    if isinstance(node, ast.Subscript):
        return node.value, node.slice
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        return node.func.value, node.args[0]
    return None
