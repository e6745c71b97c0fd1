"""Runs that are taken up again: the active one, one by its id, one that is only made when there is
none. A plain ``start_run`` is nothing of that."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trackfix.project.expressions import (
    dotted,
    is_none,
    keyword_value,
    last_name,
    string_value,
)
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.texts import HOLE, text_of
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import suite_of

_RUN_ID = lazy_pattern(r"(?:^|[._])run_(?:id|uuid)$")
_WORD = lazy_pattern(r"[a-zA-Z]{3}")
_MAKES = frozenset({"create_run", "start_run"})
# The mark of a run that is made where there is none to take up.
RESUMED = "resumed or new"
# The same where the id of the run lies in a file.
KEPT_IN_FILE = "its id in a file"
_IS_FILE = frozenset({"exists", "is_file", "isfile"})


def find_continued(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The places of a function that go on with a run."""
    started = [call for call, name in calls if name == "start_run"]
    active = [call for call, name in calls if name == "active_run"]
    if active:
        yield from _own_or_active(body, active)
        yield from _activation(body, active, started)
        yield from _active_or_new(body, active, started)
    yield from _resumed_or_new(body, calls)
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
    yield Fragment(
        kind="find-run",
        path=body.file.document.path,
        function=body.name,
        line=line(call),
        column=call.col_offset + 1,
        first=min(lines),
        last=max(lines),
        steps=tuple(steps),
        terms=(Term("id", "own"),),
        experiment="active",
        taken="run-id",
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
            yield _creation(body, calls[0], steps, "resumes")


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
    yield _creation(body, call, steps, "if there is none", Term("id", place))


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
            yield _creation(body, call, steps, "active or new", Term("other", f"given {names}"))


def _resumed_or_new(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """A run that is taken up by its id where there is one, else a new one."""
    new = [call for call, name in calls if name in _MAKES and _run_id_of(call, name) is None]
    resumed = [(call, _run_id_of(call, name)) for call, name in calls]
    resumed += [(call, call.args[0]) for call in body.calls if _is_reopening(call)]
    for call, run_id in resumed:
        mark = "" if run_id is None else _choice(call, run_id, body)
        if not mark:
            continue
        suite = suite_of(body.file.statement(call), body.file.parents)
        around = range(suite[0].lineno, (suite[-1].end_lineno or 0) + 1)
        other = next((one for one in new if one.lineno not in around), None)
        if other is not None:
            line = body.file.line
            steps = [Step(line(call), "takes up the run with an id, if there is one")]
            steps.append(Step(line(other), f"else {last_name(other.func)}(...)"))
            fragment = _creation(body, other, steps, mark, *_called(other, body))
            yield fragment._replace(experiment="" if _is_placed(other) else "active")
            return


def _choice(call: ast.Call, run_id: ast.expr, body: Body) -> str:
    """By what it is told whether there is a run to take up; empty if by anything else."""
    guard = body.file.parents.get(body.file.statement(call))
    if isinstance(guard, ast.Try):
        errors = {last_name(handler.type) for handler in guard.handlers}
        return KEPT_IN_FILE if "FileNotFoundError" in errors else ""
    if not isinstance(guard, ast.If):
        return ""
    if _tests(guard.test, run_id):
        return RESUMED
    asked = [node for node in ast.walk(guard.test) if isinstance(node, ast.Call)]
    is_file = any(last_name(node.func) in _IS_FILE for node in asked)
    held = [part.value for part in body.held(dotted(run_id) or "", call.lineno)]
    read = {name for node in (run_id, *held) for name in _names(node)}
    return KEPT_IN_FILE if is_file and not read.isdisjoint(_names(guard.test)) else ""


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - {"os"}


def _is_placed(call: ast.Call) -> bool:
    """Whether a new run is told its experiment; that of ``create_run`` always is."""
    return last_name(call.func) == "create_run" or keyword_value(call, "experiment_id") is not None


def _run_id_of(call: ast.Call, name: str) -> ast.expr | None:
    """The id by which ``start_run`` takes a run up, unless it makes a new one."""
    if name != "start_run":
        return None
    given = keyword_value(call, "run_id") or next(iter(call.args), None)
    return None if is_none(given) else given


def _is_reopening(call: ast.Call) -> bool:
    """``client.update_run(run_id, status="RUNNING")``"""
    status = string_value(keyword_value(call, "status"))
    return last_name(call.func) == "update_run" and bool(call.args) and status == "RUNNING"


def _called(call: ast.Call, body: Body) -> Iterator[Term]:
    """The name of a new run, if it is put together or has words of its own."""
    name = keyword_value(call, "run_name")
    if name is None or is_none(name):
        return
    text = text_of(name, body, call.lineno)
    if _WORD.search(HOLE.sub("", text)) or len(HOLE.findall(text)) > 1:
        template = HOLE.sub(lambda match: f"{{{match[1].rpartition('.')[2]}}}", text)
        yield Term("name", "", template)


def _tests(test: ast.expr, run_id: ast.expr) -> bool:
    """Whether a test is about nothing but that there is an id."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _tests(test.operand, run_id)
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.In, ast.NotIn)):
        owner = test.comparators[0]
        return ast.unparse(run_id) == f"{ast.unparse(owner)}[{ast.unparse(test.left)}]"
    if isinstance(test, ast.Compare):
        is_id = ast.unparse(test.left) == ast.unparse(run_id)
        return is_id and all(map(is_none, test.comparators))
    return ast.unparse(test) == ast.unparse(run_id)


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
        yield _creation(body, call, steps, "ended at once", Term("id", place))


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
        yield _creation(body, call, [step], "named child", Term("name", "", template))


def _creation(
    body: Body, call: ast.Call, steps: Sequence[Step], mark: str, *terms: Term
) -> Fragment:
    lines = [step.line for step in steps]
    return Fragment(
        kind="create-run",
        path=body.file.document.path,
        function=body.name,
        line=body.file.line(call),
        column=call.col_offset + 1,
        first=min(lines),
        last=max(lines),
        steps=tuple(sorted(set(steps), key=lambda step: (step.line, step.text))),
        terms=terms,
        marks=(mark,),
    )
