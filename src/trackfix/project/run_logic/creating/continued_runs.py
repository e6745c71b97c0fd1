"""Runs that are gone on with: the active one, one that is only made when there is none. A plain
``start_run`` is nothing of that."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trackfix.project.facts.expressions import dotted, is_none, keyword_value, last_name
from trackfix.project.run_logic.creating.creations import creation_at
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import suite_of

_RUN_ID = lazy_pattern(r"(?:^|[._])run_(?:id|uuid)$")
_WORD = lazy_pattern(r"[a-zA-Z]{3}")


def find_continued(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The places of a function that go on with a run."""
    started = [call for call, name in calls if name == "start_run"]
    active = [call for call, name in calls if name == "active_run"]
    if active:
        yield from _own_or_active(body, active)
        yield from _activation(body, active, started)
        yield from _active_or_new(body, active, started)
    for call in started:
        yield from _made_if_none(body, call)
        yield from _named_child(body, call)
        yield from _ended_at_once(body, call)


def _own_or_active(body: Body, active: Sequence[ast.Call]) -> Iterator[Fragment]:
    """A function that returns the id of the active run where it has none of its own."""
    returned = [node for node in body.of(ast.Return) if node.value is not None]
    parts = [part for node in returned for part in _alternatives(node.value)]
    of_active = [part for part in parts if _is_active_id(part, body)]
    own = [part for part in parts if part not in of_active and _RUN_ID.search(dotted(part) or "")]
    if not (of_active and own):
        return
    call, line = active[0], body.file.line
    lines = [line(call), *(line(part) for part in (*of_active, *own))]
    steps = [
        Step(line(own[0]), ast.unparse(own[0])),
        Step(line(of_active[0]), "else the active run"),
    ]
    yield piece_at(call, body, "find-run", steps, lines)._replace(
        terms=(Term("id", "own"),), experiment="active", taken="run-id"
    )


def _alternatives(node: ast.expr | None) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _alternatives(node.body)
        yield from _alternatives(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from _alternatives(part)
    elif node is not None:
        yield node


def _is_active_id(node: ast.expr, body: Body) -> bool:
    """Whether an expression is ``active_run().info.run_id``, perhaps by a name."""
    if not (isinstance(node, ast.Attribute) and _RUN_ID.search(f".{node.attr}")):
        return False
    text = ast.unparse(node)
    root = text.partition(".")[0]
    held = [ast.unparse(part.value) for part in body.held(root, node.lineno)]
    return "active_run()" in text or any(value.endswith("active_run()") for value in held)


def _activation(
    body: Body, active: Sequence[ast.Call], started: Sequence[ast.Call]
) -> Iterator[Fragment]:
    """One run that is started by its id in more than one way, as the active run demands."""
    by_id: dict[str, list[ast.Call]] = {}
    for call in started:
        run_id = keyword_value(call, "run_id")
        if run_id is not None:
            by_id.setdefault(ast.unparse(run_id), []).append(call)
    for calls in by_id.values():
        nested = sum(keyword_value(call, "nested") is not None for call in calls)
        if len(calls) > 1 and 0 < nested < len(calls):
            line = body.file.line
            steps = [Step(line(active[0]), "asks for the active run")]
            steps += [Step(line(call), "start_run(run_id=...)") for call in calls]
            yield creation_at(body, calls[0], steps, "resumes")


def _made_if_none(body: Body, call: ast.Call) -> Iterator[Fragment]:
    """``if state.run_id is None: state.run_id = start_run().info.run_id``, and a use of the id."""
    guard = body.file.parents.get(body.file.statement(call))
    if not isinstance(guard, ast.If):
        return
    place = _tested_for_none(guard.test)
    root = place.partition(".")[0]
    stored = [h for h in body.holdings.get(place, ()) if guard.lineno < h.line <= _last(guard)]
    if root in ("", "self", "cls") or not any(_is_id(h.value) for h in stored):
        return
    uses = [c for c in body.calls if c.lineno > _last(guard) and _gives(c, place)]
    if not uses:
        return
    line = body.file.line
    steps = [Step(line(guard), f"{place}, if there is none"), Step(line(call), "start_run")]
    yield creation_at(body, call, steps, "if there is none", Term("id", place))


def _active_or_new(
    body: Body, active: Sequence[ast.Call], started: Sequence[ast.Call]
) -> Iterator[Fragment]:
    """One name that holds the active run, else one that is started where there is none."""
    for call in started:
        statement = body.file.statement(call)
        if not isinstance(statement, ast.Assign):
            continue
        place = dotted(statement.targets[0]) or ""
        parts = list(_alternatives(statement.value))
        guard = body.file.parents.get(statement)
        held = [h.value for h in body.held(place, call.lineno) if h.value is not statement.value]
        is_else = isinstance(guard, ast.If) and _tested_for_none(guard.test) == place
        first = [one for one in active if one in parts or (is_else and one in held)]
        if call in parts and first and len(body.of(ast.Return)) + len(body.reads.get(place, ())):
            names = ", ".join(sorted(keyword.arg or "**" for keyword in call.keywords))
            line = body.file.line
            steps = [Step(line(first[0]), "the active run"), Step(line(call), "else start_run")]
            yield creation_at(body, call, steps, "active or new", Term("other", f"given {names}"))


def _ended_at_once(body: Body, call: ast.Call) -> Iterator[Fragment]:
    """``self.run = start_run(...)``, and nothing else before ``end_run()``."""
    statement = body.file.statement(call)
    if not isinstance(statement, ast.Assign) or statement.value is not call:
        return
    after = _next(statement, body)
    place = dotted(statement.targets[0])
    value = after.value if isinstance(after, ast.Expr) else None
    if place and isinstance(value, ast.Call) and last_name(value.func) == "end_run":
        line = body.file.line
        steps = [Step(line(call), "start_run"), Step(line(value), "ends it at once")]
        yield creation_at(body, call, steps, "ended at once", Term("id", place))


def _next(statement: ast.stmt, body: Body) -> ast.stmt | None:
    """The statement behind one in the same block."""
    suite = suite_of(statement, body.file.parents)
    return suite[suite.index(statement) + 1] if statement in suite[:-1] else None


def _tested_for_none(test: ast.expr) -> str:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return dotted(test.operand) or ""
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
        return dotted(test.left) or "" if is_none(test.comparators[0]) else ""
    return ""


def _is_id(node: ast.expr) -> bool:
    return _RUN_ID.search(dotted(node) or "") is not None


def _gives(call: ast.Call, place: str) -> bool:
    return any(dotted(part) == place for part in (*call.args, *(k.value for k in call.keywords)))


def _last(node: ast.If) -> int:
    return node.body[-1].end_lineno or node.lineno


def _named_child(body: Body, call: ast.Call) -> Iterator[Fragment]:
    """A nested run whose name is built, and whose id is kept."""
    nested = keyword_value(call, "nested")
    name = keyword_value(call, "run_name")
    item = body.file.parents.get(call)
    if nested is None or name is None or not isinstance(item, ast.withitem):
        return
    template = HOLE.sub("*", text_of(name, body, call.lineno))
    run = dotted(item.optional_vars)
    kept = any(
        dotted(part) in (f"{run}.info.run_id", f"{run}.info.run_uuid")
        for other in body.calls
        for part in other.args
    )
    if run and kept and "*" in template and _WORD.search(template):
        step = Step(body.file.line(call), f"start_run(named {template})")
        yield creation_at(body, call, [step], "named child", Term("name", "", template))
