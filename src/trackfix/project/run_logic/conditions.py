"""Filters that are made by hand: what of a run is compared in Python."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from trackfix.project.expressions import string_value
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.tag_sets import NAME_TAG, key_of


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
        if not (isinstance(part, ast.Compare) and isinstance(part.ops[0], (ast.Eq, ast.NotEq))):
            continue
        for side, other in ((part.left, part.comparators[0]), (part.comparators[0], part.left)):
            text = ast.unparse(side)
            if text.partition(".")[0] in names and "." in text:
                term = _term(side, text, string_value(other) or "", body)
                if term is not None:
                    yield term, side


def _term(side: ast.expr, text: str, literal: str, body: Body) -> Term | None:
    if text.endswith("run_name"):
        return Term("name", "", literal)
    if text.endswith(("run_id", "run_uuid")):
        return Term("id")
    if text.endswith("status"):
        return Term("status", "", literal)
    key = _key(side, body) if "tags" in text or ".params" in text else ""
    if not key:
        return None
    if "tags" not in text:
        return Term("param", key, literal)
    return Term("name", "", literal) if key == NAME_TAG else Term("tag", key, literal)


def _key(node: ast.expr, body: Body) -> str:
    """The key of ``run.data.tags[key]`` or ``run.data.params.get(key)``."""
    if isinstance(node, ast.Subscript):
        return key_of(node.slice, body)
    return key_of(node.args[0], body) if isinstance(node, ast.Call) and node.args else ""
