"""Runs that are asked for by an id that is given, with what is done where there is none. A plain
``get_run`` is nothing of that."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trackfix.project.facts.expressions import dotted, is_none, keyword_value, last_name
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body

# What ends a program, as `SystemExit` does.
_EXITS = frozenset({"exit", "sys.exit", "SystemExit"})
# What may stand beside the question in the block that is tried: what is done with the run.
_MOST_STATEMENTS = 2


def find_runs_by_id(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The runs that a function gets by their ids, where it does more than to let that fail."""
    for call, name in calls:
        given = keyword_value(call, "run_id") or next(iter(call.args), None)
        if name != "get_run" or not dotted(given):
            continue
        tried = body.file.parents.get(body.file.statement(call))
        if not isinstance(tried, ast.Try) or len(tried.body) > _MOST_STATEMENTS:
            continue
        ways = {_way_out(handler) for handler in tried.handlers}
        way = next(iter(ways), "")
        if len(ways) > 1 or not way or body.file.statement(call) is not tried.body[0]:
            continue
        line = body.file.line
        left = line(tried.handlers[0].body[-1])
        steps = [Step(line(call), "get_run(the id)"), Step(left, f"without it {way}")]
        piece = piece_at(call, body, "find-run", steps, [line(tried)])
        yield piece._replace(terms=(Term("id", "given", way),), limit="one", taken="run")


def _way_out(handler: ast.ExceptHandler) -> str:
    """How a handler leaves its function, in words; empty if it goes on, or only raises again."""
    last = handler.body[-1]
    if isinstance(last, ast.Return):
        return "returns None" if last.value is None or is_none(last.value) else ""
    raised = last.exc if isinstance(last, ast.Raise) else None
    called = raised or (last.value if isinstance(last, ast.Expr) else None)
    name = dotted(called.func if isinstance(called, ast.Call) else called) or ""
    if name in _EXITS:
        return "exits"
    if not isinstance(raised, ast.Call):
        return ""
    # A code is what tells one outcome from another, ``HTTPException(404)``; a message is not.
    given = (*raised.args, *(keyword.value for keyword in raised.keywords))
    codes = ", ".join(ast.unparse(part) for part in given if _is_code(part))
    return f"raises {last_name(raised.func)}" + (f"({codes})" if codes else "")


def _is_code(node: ast.expr) -> bool:
    """Whether an argument is a number, or a constant by its name."""
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, int)
    return is_number or last_name(node).isupper()
