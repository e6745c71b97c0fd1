"""Which of the runs that were found comes first: how they are sorted, which one a loop keeps."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from trackfix.project.facts.expressions import dotted, keyword_value, last_name
from trackfix.project.run_logic.finding.conditions import compared, predicate
from trackfix.project.run_logic.finding.filters import best_by
from trackfix.project.run_logic.finding.search import Search
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.texts import default_texts, text_of
from trackfix.source.patterns import lazy_pattern

_TIME = lazy_pattern(r"start_time|end_time|created")
_GREATEST_FIRST = frozenset({"max", "nlargest", "idxmax", "argmax"})
_LEAST_FIRST = frozenset({"min", "nsmallest", "idxmin", "argmin"})
# ``max`` if the greatest is the best one, else ``min``.
EITHER = "max or min"
_GREATER = (ast.Gt, ast.GtE)
_ORDERING = (*_GREATER, ast.Lt, ast.LtE)
# What is only asked to know whether there is something to compare.
_ANYTHING = lazy_pattern(r" is (?:not )?None$|^not [\w.]+$|^[\w.]+$|isnan\(|metrics")


def sort(search: Search, call: ast.Call) -> None:
    """Note how a call sorts, or what it picks as the greatest or the least."""
    name = called(call, search.body)
    text = " ".join(ast.unparse(part) for part in (*call.args, *call.keywords))
    key = keyword_value(call, "key")
    told = predicate(key, search.body) if key is not None else None
    text += f" {ast.unparse(told.value)}" if told is not None else ""
    if not text:  # ``frame["metrics.key"].idxmax()``
        text = ast.unparse(call)
    text = " ".join((text, *_columns(call, search.body), *_scores(call, search.body)))
    if "metric" in text:
        best(search, text)
    else:
        # How long a run took is no time of its own.
        search.order = _time(text) or search.order or "other"
    is_either = _is_either(call, name, search.body)
    search.is_ascending = None if is_either else _direction(call, name)


def called(call: ast.Call, body: Body) -> str:
    """The last name of what a call calls, or `EITHER`."""
    function = call.func
    held = body.held(function.id, call.lineno) if isinstance(function, ast.Name) else ()
    if len(held) == 1 and held[0].how == "value":
        function = held[0].value
    if isinstance(function, ast.IfExp):
        names = {last_name(function.body), last_name(function.orelse)}
        return EITHER if names == {"max", "min"} else ""
    return last_name(call.func)


def _is_either(call: ast.Call, name: str, body: Body) -> bool:
    """Whether only a run could tell if the greatest or the least is picked."""
    choice = body.file.parents.get(call)
    parts = (choice.body, choice.orelse) if isinstance(choice, ast.IfExp) else ()
    names = {last_name(part.func) for part in parts if isinstance(part, ast.Call)}
    return name == EITHER or names in ({"max", "min"}, {"idxmax", "idxmin"})


def _columns(call: ast.Call, body: Body) -> Iterator[str]:
    """The columns of metrics that names in a call hold."""
    defaults = default_texts(body)
    for part in ast.walk(call):
        if isinstance(part, ast.Name):
            text = defaults.get(part.id) or text_of(part, body, call.lineno)
            if text.startswith("metrics."):
                yield text


def _scores(call: ast.Call, body: Body) -> Iterator[str]:
    """What pairs such as ``[(run.data.metrics["key"], run) for run in runs]`` are compared by."""
    key = keyword_value(call, "key")
    asked = key.body if isinstance(key, ast.Lambda) else None
    place = getattr(asked.slice, "value", None) if isinstance(asked, ast.Subscript) else 0
    if not isinstance(place, int) or (key is not None and not isinstance(asked, ast.Subscript)):
        return
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    for given in (*call.args[:1], owner):
        held = body.held(dotted(given) or "", call.lineno)
        for made in [given, *(part.value for part in held)]:
            pair = getattr(made, "elt", None)
            if isinstance(pair, ast.Tuple) and place in range(len(pair.elts)):
                yield ast.unparse(pair.elts[place])


def reduced(search: Search, function: ast.expr) -> None:
    """Note which of two runs the function that ``reduce`` is given keeps."""
    told = predicate(function, search.body)
    choice = told.value if told is not None else None
    test = choice.test if isinstance(choice, ast.IfExp) else None
    if not (isinstance(choice, ast.IfExp) and isinstance(test, ast.Compare)):
        search.order = "other"
        return
    text = ast.unparse(test.left)
    if "metric" in text:
        best(search, text)
    else:
        search.order = _time(text) or "other"
    is_left = text.partition(".")[0] == dotted(choice.body)
    if isinstance(test.ops[0], _ORDERING):
        search.is_ascending = isinstance(test.ops[0], _GREATER) != is_left


def _time(text: str) -> str:
    times = set(_TIME.findall(text))
    return "" if not times else "time" if len(times) == 1 else "other"


def _direction(call: ast.Call, name: str) -> bool | None:
    """Whether the least comes first; None where only a run could tell."""
    if name in _GREATEST_FIRST:
        is_ascending = False
    elif name in _LEAST_FIRST:
        is_ascending = True
    else:
        given = keyword_value(call, "reverse") or keyword_value(call, "ascending")
        if isinstance(given, (ast.List, ast.Tuple)) and given.elts:
            given = given.elts[0]
        if given is not None and not isinstance(given, ast.Constant):
            return None
        is_reversed = keyword_value(call, "reverse") is not None
        is_ascending = True if given is None else bool(given.value) != is_reversed
    key = keyword_value(call, "key")
    value = key.body if isinstance(key, ast.Lambda) else None
    if isinstance(value, ast.Tuple) and value.elts:
        value = value.elts[0]
    is_negated = isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub)
    return is_ascending != is_negated


def best(search: Search, text: str) -> None:
    """Note by which metric of a text the best run is told, if no other one was noted."""
    search.order = "metric"
    if not any(term.kind == "order" for term in search.terms):
        search.terms += best_by(text, default_texts(search.body))


def keep(search: Search, inside: Sequence[ast.AST], names: frozenset[str]) -> bool:
    """Note which run a loop keeps that compares each with the one that it has: the best by a
    metric, the newest or the oldest. Returns whether it does so."""
    tests = [node for node in inside if isinstance(node, ast.If)]
    scores = {
        target: ast.unparse(value)
        for target, value in _assigned(inside)
        if isinstance(value, ast.expr) and re.search(r"metrics|_time\b", ast.unparse(value))
    }
    for test in tests:
        kept = dict(_assigned([n for part in test.body for n in ast.walk(part)]))
        roots = {(dotted(value) or "").partition(".")[0] for value in kept.values()}
        for part in _comparisons(test.test, kept):
            side, is_greater = _own_side(part, {*names, *scores}, kept)
            sides = {ast.unparse(part.left), ast.unparse(part.comparators[0])}
            if not roots & (names - {*scores}) and not kept.keys() & sides:
                continue  # any number of runs may be greater than something
            text = scores.get(side, side)
            if "metric" in text:
                best(search, text)
            elif _time(text) == "time":
                search.order = "time"
            else:
                continue
            search.is_ascending = not is_greater
            search.is_picked = True
            _ask(search, [node.test for node in tests if node is not test], names)
            return True
    return False


def _assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """The names that get something, each with what it gets."""
    for node in nodes:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            values = getattr(node.value, "elts", None)
            parts = getattr(target, "elts", None)
            if parts is not None and values is not None and len(parts) == len(values):
                yield from ((dotted(p) or "", v) for p, v in zip(parts, values, strict=True))
            else:
                yield dotted(target) or "", node.value


def _comparisons(test: ast.expr, kept: Collection[str]) -> list[ast.Compare]:
    """The comparisons of two values in a test, those with what is ``kept`` first."""
    found: list[ast.Compare] = []
    for part in ast.walk(test):
        if isinstance(part, ast.Compare):
            sides = [part.left, *part.comparators]
            for left, operator, right in zip(sides, part.ops, sides[1:], strict=False):
                if isinstance(operator, _ORDERING):
                    found.append(ast.Compare(left, [operator], [right]))

    def is_other(pair: ast.Compare) -> bool:
        return not {ast.unparse(pair.left), ast.unparse(pair.comparators[0])}.intersection(kept)

    return sorted(found, key=is_other)


def _own_side(test: ast.Compare, own: Collection[str], kept: Collection[str]) -> tuple[str, bool]:
    """The side of a comparison that is of the run at hand, not of what is kept, and whether it must
    be the greater."""
    is_greater = isinstance(test.ops[0], _GREATER)
    left, right = ast.unparse(test.left), ast.unparse(test.comparators[0])
    root = left.partition(".")[0]
    if right.partition(".")[0] in own and (root not in own or root in kept):
        return right, not is_greater
    return left, is_greater


def _ask(search: Search, tests: Iterable[ast.expr], names: frozenset[str]) -> None:
    """Note what else is asked of a run that a loop keeps."""
    for test in tests:
        found = list(compared(test, names, search.body))
        search.compared += [side for _, side in found]
        search.terms += [term for term, _ in found]
        if not found and not _ANYTHING.search(text := ast.unparse(test)):
            search.terms.append(Term("test", f"<:{text[:40]}>"))
