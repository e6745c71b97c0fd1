"""Runs that are taken up by their id where there is one; else new ones are made."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from trackfix.project.facts.expressions import (
    dotted,
    is_none,
    keyword_value,
    last_name,
    string_value,
)
from trackfix.project.run_logic.creating.creations import creation_at
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.spreads import items_of
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import suite_of

# The mark of a run that is made where there is none to take up.
RESUMED = "resumed or new"
# The same where the id of the run lies in a file.
KEPT_IN_FILE = "its id in a file"
_WORD = lazy_pattern(r"[a-zA-Z]{3}")
_MAKES = frozenset({"create_run", "start_run"})
_IS_FILE = frozenset({"exists", "is_file", "isfile"})

Options = Mapping[str, ast.expr]


class _New(NamedTuple):
    """A run that is made where none is taken up: where, and what for."""

    call: ast.Call
    options: Options

    @property
    def is_placed(self) -> bool:
        """Whether it is told its experiment; that of ``create_run`` always is."""
        return last_name(self.call.func) == "create_run" or "experiment_id" in self.options


def find_resumed(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The first run of a function that is taken up by its id where there is one, else made."""
    found = _by_two_calls(body, calls) or _by_one_call(body, calls)
    if found is not None:
        mark, call, new = found
        line = body.file.line
        steps = [Step(line(call), "takes up the run with an id, if there is one")]
        steps.append(Step(line(new.call), f"else {last_name(new.call.func)}(...)"))
        fragment = creation_at(body, new.call, steps, mark, *_called(new, body))
        yield fragment._replace(experiment="" if new.is_placed else "active")


def _by_two_calls(
    body: Body, calls: Sequence[tuple[ast.Call, str]]
) -> tuple[str, ast.Call, _New] | None:
    made = [call for call, name in calls if name in _MAKES and _run_id_of(call, name) is None]
    resumed = [(call, _run_id_of(call, name)) for call, name in calls]
    resumed += [(call, call.args[0]) for call in body.calls if _is_reopening(call)]
    for call, run_id in resumed:
        mark = "" if run_id is None else _choice(call, run_id, body)
        if not mark:
            continue
        suite = suite_of(body.file.statement(call), body.file.parents)
        around = range(suite[0].lineno, (suite[-1].end_lineno or 0) + 1)
        other = next((one for one in made if one.lineno not in around), None)
        if other is not None:
            return mark, call, _New(other, _given(other))
    return None


def _by_one_call(
    body: Body, calls: Sequence[tuple[ast.Call, str]]
) -> tuple[str, ast.Call, _New] | None:
    """``start_run(run_id=i, run_name=None if i else name)``, or by options of which each branch
    sets others."""
    for call in (call for call, name in calls if name == "start_run"):
        for test, taken, made in (*_by_name(call), *_by_options(call, body)):
            run_id = taken.get("run_id")
            if run_id is not None and "run_id" not in made and _tests(test, run_id):
                return RESUMED, call, _New(call, made)
    return None


def _by_name(call: ast.Call) -> Iterator[tuple[ast.expr, Options, Options]]:
    given = _given(call)
    name = given.get("run_name")
    if isinstance(name, ast.IfExp) and is_none(name.body) != is_none(name.orelse):
        made = {key: value for key, value in given.items() if key != "run_id"}
        made["run_name"] = name.orelse if is_none(name.body) else name.body
        yield name.test, given, made


def _by_options(call: ast.Call, body: Body) -> Iterator[tuple[ast.expr, Options, Options]]:
    """The tests by which ``**options`` get some items or others, with both."""
    for node in (keyword.value for keyword in call.keywords if keyword.arg is None):
        name = dotted(node)
        held = [part.value for part in body.held(name, call.lineno)] if name else [node]
        for value in held:
            if isinstance(value, ast.IfExp):
                ways = _items(value.body, body), _items(value.orelse, body)
                yield from ((value.test, *both) for both in (ways, ways[::-1]))
        for branch in body.of(ast.If) if name else ():
            if branch.lineno < call.lineno and branch.orelse:
                ways = _stored(branch.body, name), _stored(branch.orelse, name)
                yield from ((branch.test, *both) for both in (ways, ways[::-1]))


def _given(call: ast.Call) -> Options:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _items(node: ast.expr, body: Body) -> Options:
    items = items_of(node, body, node.lineno)
    return {name: value for key, value in items if (name := string_value(key))}


def _stored(suite: Sequence[ast.stmt], name: str | None) -> Options:
    """What ``name["key"] = value`` in a block puts into a dictionary."""
    return {
        key: node.value
        for node in suite
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Subscript) and dotted(target.value) == name
        if (key := string_value(target.slice))
    }


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


def _tests(test: ast.expr, run_id: ast.expr) -> bool:
    """Whether a test is about nothing but that there is an id, or a run that has it."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _tests(test.operand, run_id)
    if isinstance(test, ast.NamedExpr):
        return _tests(test.target, run_id)
    asked, given = ast.unparse(test), ast.unparse(run_id)
    if isinstance(test, ast.Compare):
        owner = test.comparators[0]
        if isinstance(test.ops[0], (ast.In, ast.NotIn)):
            return given == f"{ast.unparse(owner)}[{ast.unparse(test.left)}]"
        return all(map(is_none, test.comparators)) and _tests(test.left, run_id)
    return given == asked or given.startswith((f"{asked}.", f"{asked}["))


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - {"os"}


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


def _called(new: _New, body: Body) -> Iterator[Term]:
    """The name of a new run, if it is put together or has words of its own."""
    name = new.options.get("run_name")
    if name is None or is_none(name):
        return
    text = text_of(name, body, new.call.lineno)
    if _WORD.search(HOLE.sub("", text)) or len(HOLE.findall(text)) > 1:
        template = HOLE.sub(lambda match: f"{{{match[1].rpartition('.')[2]}}}", text)
        yield Term("name", "", template)
