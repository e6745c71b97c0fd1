"""The functions that get an experiment by its name, and create one that is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from trackfix.project.expressions import dotted, keyword_value, last_name
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.conditions import derived
from trackfix.project.run_logic.fragments import Fragment, Step
from trackfix.project.run_logic.texts import HOLE, text_of
from trackfix.source.patterns import lazy_pattern

Calls = Sequence[tuple[ast.Call, str]]
_BY_NAME = lazy_pattern(r"(?:^|[^\w.])(?:attributes?\.)?name\s*=(?!=)", re.IGNORECASE)
_SEARCHES = ("search_experiments", "list_experiments")
_NAMES = ("name", "experiment_name")
# Functions of other files that do nothing but create an experiment, as their names say.
_CREATING = re.compile(r"^_*(?:create|make|new|add)_(?:\w+_)?experiment$")


def find_resolution(body: Body, calls: Calls) -> Fragment | None:
    """The steps of a function that get an experiment by its name and create one that is missing,
    or that say so."""
    got = [call for call, name in calls if name == "get_experiment_by_name"]
    got += [call for call, name in calls if name in _SEARCHES and _is_by_name(call, body)]
    same = next(_pairs(body, calls, got), None)
    if same is not None:
        return _created(body, calls, same)
    found = _mapped(body, got) or _tolerated(body, calls) or _by_id_too(body, calls, got)
    found = found or _unless_given(body, got)
    # A finder that says so is one of a finder.
    is_searching = any(name in ("search_runs", "list_run_infos") for _, name in calls)
    return found if found or is_searching else _required(body, got)


def _pairs(
    body: Body, calls: Calls, got: Sequence[ast.Call]
) -> Iterator[tuple[ast.Call, ast.Call]]:
    """What looks for an experiment, each with what creates one of the same name."""
    made = [call for call, name in calls if name == "create_experiment"]
    activated = [call for call, name in calls if name == "set_experiment"]
    created = [*made, *_created_elsewhere(body)]
    if any(name == "restore_experiment" for _, name in calls):
        created += activated  # which creates what is not there
    else:
        created += [call for call in activated if _is_guarded(call, got, body)]
    for first in got:
        yield from ((first, second) for second in created if _is_same(first, second, body))
    for second in made:
        listed = [call for call, name in calls if name in _SEARCHES and call not in got]
        if listed and _is_compared(second, body):
            yield listed[0], second
        if _is_tolerated(second, body):
            yield from ((first, second) for first in activated if _is_same(first, second, body))


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
        if name == "get_experiment" and (asked := _name_asked(call, body)):
            for other in got:
                if _name_asked(other, body) == asked:
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


def _required(body: Body, got: Sequence[ast.Call]) -> Fragment | None:
    """An experiment by its name that must be there."""
    for call in got:
        for test in _tests_for_none(body, call):
            if isinstance(test.body[-1], ast.Raise):
                steps = (
                    Step(body.file.line(call), "get_experiment_by_name(name)"),
                    Step(body.file.line(test.body[-1]), "an error, if there is none"),
                )
                marks = ["must exist"]
                if _is_returned(_tested(_first_asked(test), call), body):
                    marks.append("helper")
                return _fragment(body, call, steps, marks)
    return None


def _fragment(body: Body, call: ast.Call, steps: Iterable[Step], marks: Iterable[str]) -> Fragment:
    ordered = sorted(steps, key=lambda step: step.line)
    return Fragment(
        kind="resolve-experiment",
        path=body.file.document.path,
        function=body.name,
        line=body.file.line(call),
        column=call.col_offset + 1,
        first=ordered[0].line,
        last=ordered[-1].line,
        steps=tuple(ordered),
        experiment="name",
        marks=tuple(sorted(set(marks))),
    )


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
    statement: ast.AST = body.file.statement(call)
    guard = body.file.parents.get(statement)
    return isinstance(guard, ast.If) and any(
        guard is test and statement in test.body
        for first in got
        for test in _tests_for_none(body, first)
    )


def _created_elsewhere(body: Body) -> Iterator[ast.Call]:
    """Calls of other functions that do nothing to experiments but create one: of the same file,
    else imported by a name that says so."""
    for call in body.calls:
        name = (dotted(call.func) or "").removeprefix("self.").removeprefix("cls.")
        if "experiment" not in name.lower():
            continue
        inner = body.file.by_name.get(f"{body.owner}.{name}") or body.file.by_name.get(name)
        if inner is None and call.args and _CREATING.match(name):
            if name in body.file.imports:
                yield call
        elif inner is not None and inner is not body and call.args:
            text = inner.text
            if "create_experiment(" in text and "get_experiment_by_name(" not in text:
                yield call


def _is_by_name(call: ast.Call, body: Body) -> bool:
    """Whether experiments are searched by their name alone."""
    given = keyword_value(call, "filter_string")
    return given is not None and _BY_NAME.search(text_of(given, body, call.lineno)) is not None


def _is_tolerated(created: ast.Call, body: Body) -> bool:
    """Whether it does not matter when an experiment can't be created, as it may be there."""
    statement = body.file.statement(created)
    attempt = body.file.parents.get(statement)
    if not isinstance(attempt, ast.Try) or statement not in attempt.body:
        return False
    handlers = [node for handler in attempt.handlers for node in handler.body]
    return bool(handlers) and not any(isinstance(node, ast.Raise) for node in handlers)


def _is_compared(created: ast.Call, body: Body) -> bool:
    """Whether the name of what is created is looked for among the names of what is there."""
    made = _name_asked(created, body)
    for test in body.of(ast.Compare):
        sides = [test.left, test.comparators[0]]
        texts = [text_of(side, body, test.lineno) for side in sides]
        is_equal = isinstance(test.ops[0], (ast.Eq, ast.NotEq))
        if is_equal and made in texts and "name" in map(last_name, sides):
            return True
        if isinstance(test.ops[0], (ast.In, ast.NotIn)) and texts[0] == made:
            return True
    return False


def _is_same(first: ast.Call, second: ast.Call, body: Body) -> bool:
    """Whether two calls are about one name, as far as the function tells."""
    asked, made = _name_asked(first, body), _name_asked(second, body)
    if keyword_value(first, "filter_string") is not None:
        inside = [f"'{made}'", f'"{made}"', f"={made}", f"= {made}"]
        return bool(made) and any(text in asked for text in inside)
    is_spread = any(keyword.arg is None for keyword in second.keywords)
    return asked == made or (is_spread and HOLE.fullmatch(made) is not None)


def _name_asked(call: ast.Call, body: Body) -> str:
    named = [k.value for k in call.keywords if k.arg in (*_NAMES, "filter_string")]
    others = [k.value for k in call.keywords if k.arg]
    given = next(iter([*named, *call.args, *others]), None)
    return text_of(given, body, call.lineno)
