"""What is asked of the rows of a table of runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.run_logic.finding.filters import read_filter
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern

_COLUMN = lazy_pattern(r"^(?:tags|params|metrics)\.|^(?:status|run_id|run_name|experiment_id)$")
_IS_THERE = frozenset({"notna", "notnull"})
_EQUAL = frozenset({"eq", "isin"})
_QUERIED = lazy_pattern(r"`(tags|params|metrics)\.([^`]+)`")


def asked_of_rows(mask: ast.expr, body: Body) -> list[Term] | None:
    """What a mask such as ``frame["tags.key"] == value`` asks for; None if it is no mask."""
    if isinstance(mask, ast.Tuple) and mask.elts:
        mask = mask.elts[0]
    parts = (part for whole in _masks(mask, body) for part in ast.walk(whole))
    tests = [part for part in parts if isinstance(part, (ast.Compare, ast.Call))]
    found = [list(_asked(test, body)) for test in tests]
    unread = [
        Term("test", f"<:{ast.unparse(test)[:40]}>")
        for test, terms in zip(tests, found, strict=True)
        if not terms and isinstance(test, ast.Compare)
    ]
    if not any(found) and not unread:
        return None
    return [*(term for terms in found for term in terms), *unread]


def _masks(mask: ast.expr, body: Body) -> list[ast.expr]:
    """The parts that a mask is made of, with what their names hold."""
    if isinstance(mask, ast.BinOp):
        return [*_masks(mask.left, body), *_masks(mask.right, body)]
    held = body.held(mask.id, mask.lineno) if isinstance(mask, ast.Name) else []
    is_added_to = all(part.how == "added" for part in held[:-1])
    is_whole = bool(held) and held[-1].how == "value" and is_added_to
    return [part.value for part in reversed(held)] if is_whole else [mask]


def _asked(test: ast.Compare | ast.Call, body: Body) -> Iterator[Term]:
    if isinstance(test, ast.Compare):
        column = _column(test.left, body)
        value = text_of(test.comparators[0], body, test.lineno)
        if column and isinstance(test.ops[0], (ast.Eq, ast.NotEq)):
            sign = "=" if isinstance(test.ops[0], ast.Eq) else "!="
            yield from read_filter(f"{column} {sign} '{value}'")
        elif column.startswith("metrics."):
            yield Term("metric", column.removeprefix("metrics."))
    elif isinstance(test.func, ast.Attribute):
        column = _column(test.func.value, body)
        if test.func.attr in _EQUAL and column:
            value = text_of(test.args[0], body, test.lineno) if test.args else ""
            yield from read_filter(f"{column} = '{value if test.func.attr == 'eq' else ''}'")
        elif test.func.attr in _IS_THERE and column.startswith("metrics."):
            yield Term("metric", column.removeprefix("metrics."))


def asked_by_query(node: ast.expr, body: Body) -> list[Term]:
    """What ``frame.query(text)`` asks for."""
    text = text_of(node, body, node.lineno).replace("==", "=")
    return list(read_filter(_QUERIED.sub(r"\1.`\2`", text))) or [Term("other", "<:query>")]


def _column(node: ast.expr, body: Body) -> str:
    """The column of a table of runs that an expression is; empty for anything else."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value  # ``frame["tags.key"].astype(str)``
    name = ""
    if isinstance(node, ast.Subscript):
        name = text_of(node.slice, body, node.lineno)
    elif isinstance(node, ast.Attribute):
        name = node.attr
    return name if _COLUMN.search(name) else ""
