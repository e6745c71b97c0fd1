"""The functions that get an experiment by its name, and create one that is missing."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence

from trackfix.project.facts.expressions import dotted, last_name
from trackfix.project.run_logic.creating.experiment_names import (
    SEARCHES,
    created_elsewhere,
    got_elsewhere,
    is_by_name,
    is_compared,
    is_same,
    name_asked,
)
from trackfix.project.run_logic.finding.conditions import derived
from trackfix.project.run_logic.fragments import Fragment, Step
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import suite_of

Calls = Sequence[tuple[ast.Call, str]]
# Two errors that say no more than so many words may be alike by chance.
_FEWEST_WORDS = 2
_WORD = lazy_pattern(r"[^\W\d_]{2,}")


def find_resolution(body: Body, calls: Calls) -> Fragment | None:
    """The steps of a function that get an experiment by its name and create one that is missing,
    or that say so."""
    got = [call for call, name in calls if name == "get_experiment_by_name"]
    got += [call for call, name in calls if name in SEARCHES and is_by_name(call, body)]
    is_creating = any(name == "create_experiment" for _, name in calls)
    same = next(_pairs(body, calls, [*got, *(got_elsewhere(body) if is_creating else ())]), None)
    if same is not None:
        return _created(body, calls, same)
    found = _mapped(body, got) or _tolerated(body, calls) or _by_id_too(body, calls, got)
    found = found or _unless_given(body, got)
    is_searching = any(name in ("search_runs", "list_run_infos") for _, name in calls)
    return found or _required(body, got, is_finder=is_searching)


def _pairs(
    body: Body, calls: Calls, got: Sequence[ast.Call]
) -> Iterator[tuple[ast.Call, ast.Call]]:
    """What looks for an experiment, each with what creates one of the same name."""
    made = [call for call, name in calls if name == "create_experiment"]
    activated = [call for call, name in calls if name == "set_experiment"]
    created = [*made, *(created_elsewhere(body) if got else ())]
    if any(name == "restore_experiment" for _, name in calls):
        created += activated  # which creates what is not there
    else:
        created += [call for call in activated if _is_guarded(call, got, body)]
    for first in got:
        yield from ((first, second) for second in created if is_same(first, second, body))
    for second in made:
        listed = [call for call, name in calls if name in SEARCHES and call not in got]
        if listed and is_compared(second, body):
            yield listed[0], second
        if _is_tolerated(second, body):
            yield from ((first, second) for first in activated if is_same(first, second, body))


def _created(body: Body, calls: Calls, same: tuple[ast.Call, ast.Call]) -> Fragment:
    """An experiment that is created when there is none."""
    first, second = same
    steps = [
        Step(body.file.line(first), f"{last_name(first.func)}(name)"),
        Step(body.file.line(second), "create_experiment(name), if there is none"),
    ]
    marks = []
    for call, name in calls:
        if name == "restore_experiment":
            steps.append(Step(body.file.line(call), "restore_experiment, if it is deleted"))
            marks.append("restores")
        elif name == "set_experiment" and call not in same:
            steps.append(Step(body.file.line(call), "set_experiment"))
            marks.append("activates")
    created = [call for call, name in calls if name == "create_experiment"]
    if dotted(second.func) in body.file.imports and second not in created:
        marks.append(f"by {last_name(second.func)}")
    elif any(len(call.args) > 1 or call.keywords[1:] for call in (second, *created)):
        marks.append("artifact location or tags")
    return _fragment(body, first, steps, marks)


def _mapped(body: Body, got: Sequence[ast.Call]) -> Fragment | None:
    """An experiment by its name whose errors become others, and that may be missing."""
    for call in got:
        statement = body.file.statement(call)
        attempt = body.file.parents.get(statement)
        if not (isinstance(attempt, ast.Try) and isinstance(statement, ast.Assign)):
            continue
        handlers = [node for handler in attempt.handlers for node in handler.body]
        raising = [node for node in handlers if isinstance(node, ast.Raise) and node.exc]
        missing = [
            test
            for test in _tests_for_none(body, call)
            if test.lineno > (attempt.end_lineno or attempt.lineno)
        ]
        if not (raising and missing):
            continue
        steps = (
            Step(body.file.line(call), "get_experiment_by_name(name)"),
            Step(body.file.line(raising[0]), "its errors become others"),
            Step(body.file.line(missing[0]), "what happens if there is none"),
        )
        return _fragment(body, call, steps, ("maps errors",))
    return None


def _tolerated(body: Body, calls: Calls) -> Fragment | None:
    """An experiment that is made active, and something that is noted where that fails."""
    for call, name in calls:
        if name != "set_experiment":
            continue
        attempt = body.file.parents.get(body.file.statement(call))
        if not isinstance(attempt, ast.Try) or body.file.statement(call) not in attempt.body:
            continue
        handlers = [node for handler in attempt.handlers for node in handler.body]
        noted = {
            ast.unparse(node)
            for node in handlers
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        }
        if noted and not any(isinstance(node, ast.Raise) for node in handlers):
            last = attempt.handlers[-1].body[-1]
            steps = (
                Step(body.file.line(call), "set_experiment"),
                Step(body.file.line(last), f"{min(noted)}, where that fails"),
            )
            return _fragment(body, call, steps, ("may fail", *(f"then {text}" for text in noted)))
    return None


def _by_id_too(body: Body, calls: Calls, got: Sequence[ast.Call]) -> Fragment | None:
    """An experiment of which nobody knows whether its name or its id is given."""
    for call, name in calls:
        if name == "get_experiment" and (asked := name_asked(call, body)):
            for other in got:
                if name_asked(other, body) == asked:
                    steps = (
                        Step(body.file.line(other), "get_experiment_by_name(name)"),
                        Step(body.file.line(call), "get_experiment(id) of the same text"),
                    )
                    return _fragment(body, other, steps, ("id or name",))
    return None


def _unless_given(body: Body, got: Sequence[ast.Call]) -> Fragment | None:
    """The id of an experiment by its name, where the id itself is not given."""
    for call in got:
        guard = body.file.parents.get(body.file.statement(call))
        if not isinstance(guard, ast.If):
            continue
        value = _tested(_first_asked(guard), call)
        last = guard.body[-1].end_lineno or guard.lineno
        for holding in body.holdings.get(dotted(value) or "", ()):
            if guard.lineno < holding.line <= last and last_name(holding.value) == "experiment_id":
                steps = (
                    Step(body.file.line(call), "get_experiment_by_name(name)"),
                    Step(holding.line, "its id, as none is given"),
                )
                return _fragment(body, call, steps, ("unless given",))
    return None


def _required(body: Body, got: Sequence[ast.Call], *, is_finder: bool) -> Fragment | None:
    """An experiment by its name that must be there. Of a finder that is only a part, unless it says
    the same as another one."""
    for call in got:
        for test in _tests_for_none(body, call):
            if isinstance(test.body[-1], ast.Raise):
                steps = (
                    Step(body.file.line(call), "get_experiment_by_name(name)"),
                    Step(body.file.line(test.body[-1]), "an error, if there is none"),
                )
                marks = ["must exist"]
                if said := _said(test, body):
                    marks.append(f"says {said}")
                if is_finder and not said:
                    continue
                if is_finder:
                    marks.append("of a finder")
                if _is_returned(_tested(_first_asked(test), call), body):
                    marks.append("helper")
                return _fragment(body, call, steps, marks)
    return None


def _said(test: ast.If, body: Body) -> str:
    """The words of an error, or of the message in front of one that has none; empty for a few."""
    for statement in reversed(test.body):
        part = statement.exc if isinstance(statement, ast.Raise) else None
        value = statement.value if isinstance(statement, ast.Expr) else part
        for given in value.args if isinstance(value, ast.Call) else ():
            said = HOLE.sub("*", text_of(given, body, given.lineno))
            if len(_WORD.findall(said)) >= _FEWEST_WORDS:
                return said
    return ""


def _fragment(
    body: Body, call: ast.Call, steps: Collection[Step], marks: Iterable[str]
) -> Fragment:
    piece = piece_at(call, body, "resolve-experiment", steps)
    return piece._replace(experiment="name", marks=tuple(sorted(set(marks))))


def _tests_for_none(body: Body, call: ast.Call) -> Iterator[ast.If]:
    """The tests whether a call found nothing, as the first thing that they ask."""
    call = body.handed_over.get(call, call)
    around = body.file.parents.get(call)
    if isinstance(around, ast.Await):
        around, call = body.file.parents.get(around), call
    names = {around.target.id} if isinstance(around, ast.NamedExpr) else set()
    statement = body.file.statement(call)
    value = statement.value if isinstance(statement, ast.Assign) else None
    if isinstance(statement, ast.Assign) and call in (value, getattr(value, "value", None)):
        names = {dotted(target) or "" for target in statement.targets} - {""}
    for node in body.of(ast.If):
        tested = _tested(_first_asked(node), call)
        if node.lineno >= call.lineno and ast.unparse(tested) in names:
            yield node


def _first_asked(node: ast.If) -> ast.expr:
    return node.test.values[0] if isinstance(node.test, ast.BoolOp) else node.test


def _is_returned(experiment: ast.expr, body: Body) -> bool:
    """Whether a function returns an experiment, or what it makes of it."""
    names = derived(dotted(experiment) or "", body.nodes)
    return any(
        isinstance(part, ast.Name) and part.id in names
        for node in body.of(ast.Return)
        if node.value is not None
        for part in ast.walk(node.value)
    )


def _tested(test: ast.expr, call: ast.Call) -> ast.expr:
    """What is tested for being nothing; the call itself, which is no name, for any other test."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        value: ast.expr = test.operand
    elif (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], (ast.Is, ast.Eq))
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value is None
    ):
        value = test.left
    else:
        return call
    return value.target if isinstance(value, ast.NamedExpr) else value


def _is_guarded(call: ast.Call, got: Sequence[ast.Call], body: Body) -> bool:
    """Whether a call is only made where an experiment was not found."""
    statement = body.file.statement(call)
    guard = body.file.parents.get(statement)
    if isinstance(guard, ast.If) and any(
        guard is test and statement in test.body
        for first in got
        for test in _tests_for_none(body, first)
    ):
        return True
    return any(_leaves_if_found(part, got, body) for part in _before(statement, body))


def _before(statement: ast.stmt, body: Body) -> list[ast.stmt]:
    """The statements before one in the same block."""
    suite = suite_of(statement, body.file.parents) or [statement]
    return suite[: suite.index(statement)]


def _leaves_if_found(node: ast.stmt, got: Sequence[ast.Call], body: Body) -> bool:
    """Whether a function returns an experiment as soon as it was found."""
    if not isinstance(node, ast.If) or not isinstance(node.body[-1], ast.Return):
        return False
    value = node.test
    if isinstance(value, ast.Compare) and isinstance(value.ops[0], (ast.IsNot, ast.NotEq)):
        is_none = ast.unparse(value.comparators[0]) == "None"
        value = value.left if is_none else value
    held = body.held(dotted(value) or "", node.lineno)
    return any(holding.value in got for holding in held)


def _is_tolerated(created: ast.Call, body: Body) -> bool:
    """Whether it does not matter when an experiment can't be created, as it may be there."""
    statement = body.file.statement(created)
    attempt = body.file.parents.get(statement)
    if not isinstance(attempt, ast.Try) or statement not in attempt.body:
        return False
    handlers = [node for handler in attempt.handlers for node in handler.body]
    return bool(handlers) and not any(isinstance(node, ast.Raise) for node in handlers)
