"""What loops and filters over the runs that were found ask of them."""

from __future__ import annotations

import ast

from trackfix.project.facts.expressions import dotted, is_none
from trackfix.project.run_logic.finding.conditions import compared, predicate
from trackfix.project.run_logic.finding.search import Search
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.values.bodies import Body


def note_test(
    search: Search, test: ast.expr, names: frozenset[str], body: Body | None = None
) -> None:
    """Note what a test asks of a run; a test that nobody can read is one of its own."""
    found = list(compared(test, names, body or search.body))
    search.compared += [side for _, side in found]
    search.terms += [term for term, _ in found] or [Term("test", f"<:{ast.unparse(test)[:40]}>")]


def note_filter(search: Search, test: ast.expr) -> None:
    """Note what ``filter`` asks of a run, which may be nothing that can be read."""
    asked = predicate(test, search.body)
    if asked is not None:
        note_test(search, asked.value, frozenset(asked.parameters), asked.body)
    elif not is_none(test):
        search.terms.append(Term("test", f"<:{ast.unparse(test)[:40]}>"))


def is_only_one(search: Search, loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a loop is only reached with one run, since its function leaves with any more."""
    name = dotted(loop.iter)
    counted = {f"len({name}) > 1", f"len({name}) != 1", f"len({name}) >= 2"}
    for test in search.body.of(ast.If):
        if search.body.file.parents.get(test) is search.body.file.parents.get(loop):
            leaves = isinstance(test.body[-1], (ast.Raise, ast.Return, ast.Continue))
            if leaves and any(ast.unparse(part) in counted for part in _alternatives(test.test)):
                return test.lineno < loop.lineno
    return False


def _alternatives(test: ast.expr) -> list[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]


def pick_kept(search: Search, loop: ast.For | ast.AsyncFor, names: frozenset[str]) -> None:
    """A loop that keeps the run that fits in a name which is read later picks one, too."""
    for part in loop.body:
        if not isinstance(part, ast.If) or part.orelse:
            continue
        for node in part.body:
            value = node.value if isinstance(node, ast.Assign) else None
            target = dotted(node.targets[0]) if isinstance(node, ast.Assign) else None
            if (dotted(value) or "").partition(".")[0] not in names or not target:
                continue
            reads = search.body.reads.get(target, ())
            asked = list(compared(part.test, names, search.body))
            if asked and any(use.lineno > (loop.end_lineno or loop.lineno) for use in reads):
                search.pick(loop, f"the one of a loop that is kept in line {node.lineno}")
                note_test(search, part.test, names)
                return
