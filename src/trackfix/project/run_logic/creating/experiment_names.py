"""What calls tell of the name of an experiment, and who looks for one or creates one by it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from trackfix.project.facts.expressions import dotted, keyword_value, last_name
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern

SEARCHES = ("search_experiments", "list_experiments")
_NAMES = ("name", "experiment_name")
_BY_NAME = lazy_pattern(r"(?:^|[^\w.])(?:attributes?\.)?name\s*=(?!=)", re.IGNORECASE)
_LOOKS = lazy_pattern(r"\.(?:get_experiment_by_name|(?:search|list)_experiments)\(")
# Functions of other files that do nothing but look for an experiment, or create one, as their names
# say.
_GETTING = lazy_pattern(r"^_*(?:get|find|fetch|load|lookup)_(?:\w+_)?experiment(?:_by_name)?$")
_CREATING = lazy_pattern(r"^_*(?:create|make|new|add)_(?:\w+_)?experiment$")


def is_by_name(call: ast.Call, body: Body) -> bool:
    """Whether experiments are searched by their name alone."""
    given = keyword_value(call, "filter_string")
    return given is not None and _BY_NAME.search(text_of(given, body, call.lineno)) is not None


def is_same(first: ast.Call, second: ast.Call, body: Body) -> bool:
    """Whether two calls are about one name, as far as the function tells."""
    asked, made = name_asked(first, body), name_asked(second, body)
    if keyword_value(first, "filter_string") is not None:
        inside = [f"'{made}'", f'"{made}"', f"={made}", f"= {made}"]
        return bool(made) and any(text in asked for text in inside)
    is_spread = any(keyword.arg is None for keyword in second.keywords)
    return asked == made or (is_spread and HOLE.fullmatch(made) is not None)


def name_asked(call: ast.Call, body: Body) -> str:
    """The text of the name, or of the filter, that a call is given."""
    named = [k.value for k in call.keywords if k.arg in (*_NAMES, "filter_string")]
    others = [k.value for k in call.keywords if k.arg]
    given = next(iter([*named, *call.args, *others]), None)
    if isinstance(given, ast.Name):
        # Another name for a part of something, such as ``name = config.name``, is that part.
        held = body.held(given.id, call.lineno)
        if len(held) == 1 and held[0].how == "value" and isinstance(held[0].value, ast.Attribute):
            given = held[0].value
    return text_of(given, body, call.lineno)


def is_compared(created: ast.Call, body: Body) -> bool:
    """Whether the name of what is created is looked for among the names of what is there."""
    made = name_asked(created, body)
    for test in body.of(ast.Compare):
        sides = [test.left, test.comparators[0]]
        texts = [text_of(side, body, test.lineno) for side in sides]
        is_equal = isinstance(test.ops[0], (ast.Eq, ast.NotEq))
        if is_equal and made in texts and "name" in map(last_name, sides):
            return True
        if isinstance(test.ops[0], (ast.In, ast.NotIn)) and texts[0] == made:
            return True
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "get"
        and bool(call.args)
        and text_of(call.args[0], body, call.lineno) == made
        and any(
            isinstance(held.value, ast.DictComp)
            for held in body.held(dotted(call.func.value) or "", call.lineno)
        )
        for call in body.calls
    )


def got_elsewhere(body: Body) -> Iterator[ast.Call]:
    """Calls of other functions that do nothing to experiments but look for one: of the same file,
    else imported by a name that says so."""
    for call in _elsewhere(body, _GETTING, _only_looks):
        if call.args or call.keywords:
            yield call


def created_elsewhere(body: Body) -> Iterator[ast.Call]:
    """Calls of other functions that do nothing to experiments but create one: of the same file,
    else imported by a name that says so."""
    for call in _elsewhere(body, _CREATING, _only_creates):
        if call.args:
            yield call


def _elsewhere(
    body: Body, says: re.Pattern[str], does: Callable[[str], bool]
) -> Iterator[ast.Call]:
    for call in body.calls:
        name, inner = _called(call, body)
        if inner is None:
            if says.match(name) and name in body.file.imports:
                yield call
        elif inner is not body and does(inner.text):
            yield call


def _called(call: ast.Call, body: Body) -> tuple[str, Body | None]:
    """The name of what a call calls, and that function if it is of the same file."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id, body.file.by_name.get(function.id)
    if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)):
        return "", None
    is_own = function.value.id in ("self", "cls")
    owner = body.owner if is_own else function.value.id
    return function.attr if is_own else "", body.file.by_name.get(f"{owner}.{function.attr}")


def _only_looks(code: str) -> bool:
    return "create_experiment(" not in code and _LOOKS.search(code) is not None


def _only_creates(code: str) -> bool:
    return "create_experiment(" in code and "get_experiment_by_name(" not in code
