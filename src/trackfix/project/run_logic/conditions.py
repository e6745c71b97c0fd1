"""Filters that are made by hand: what of a run is compared in Python."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from trackfix.project.expressions import dotted, string_value
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.tag_keys import NAME_TAG, key_of


def derived(name: str, nodes: Iterable[ast.AST]) -> frozenset[str]:
    """A name, and those that are made from it: ``run = client.get_run(info.run_id)``."""
    names = {name}
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            used = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if used & names:
                names.update(target.id for target in targets if isinstance(target, ast.Name))
    return frozenset(names)


def compared(node: ast.AST, names: Collection[str], body: Body) -> Iterator[tuple[Term, ast.expr]]:
    """What of the runs with these names is compared below a node, and where."""
    for part in ast.walk(node):
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.In):
            text = ast.unparse(part.comparators[0])
            if text.partition(".")[0] in names and text.endswith(".metrics"):
                yield Term("metric", key_of(part.left, body)), part.left
            continue
        if not (isinstance(part, ast.Compare) and isinstance(part.ops[0], (ast.Eq, ast.NotEq))):
            continue
        for side, other in ((part.left, part.comparators[0]), (part.comparators[0], part.left)):
            text = ast.unparse(_bare(side))
            if text.partition(".")[0] in names and "." in text:
                term = asked_of(side, body, string_value(other) or "")
                if term is not None:
                    yield term, side


def asked_of(side: ast.expr, body: Body, literal: str = "") -> Term | None:
    """What is asked of a run where this part of it is compared, perhaps with a ``literal``; None
    for a part that tells no run from others."""
    text = ast.unparse(_bare(side))
    if text.endswith("run_name"):
        return Term("name", "", literal)
    if text.endswith(("run_id", "run_uuid")):
        return Term("id")
    if text.endswith("status"):
        return Term("status", "", literal)
    key = _key(_bare(side), body) if "tags" in text or ".params" in text else ""
    if not key:
        return None
    if "tags" not in text:
        return Term("param", key, literal)
    return Term("name", "", literal) if key == NAME_TAG else Term("tag", key, literal)


def _bare(node: ast.expr) -> ast.expr:
    """What ``str(...)`` or ``int(...)`` is given, or another expression itself."""
    is_same = isinstance(node, ast.Call) and dotted(node.func) in ("str", "int", "float")
    return node.args[0] if is_same and isinstance(node, ast.Call) and node.args else node


def _key(node: ast.expr, body: Body) -> str:
    """The key of ``run.data.tags[key]`` or ``run.data.params.get(key)``."""
    if isinstance(node, ast.Subscript):
        return key_of(node.slice, body)
    return key_of(node.args[0], body) if isinstance(node, ast.Call) and node.args else ""
