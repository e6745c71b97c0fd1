"""What is made of the answer of a search: which run is picked, and what is taken of it."""

from __future__ import annotations

import ast
from typing import Literal

from trackfix.project.facts.expressions import dotted, last_name, root_name, string_value
from trackfix.project.run_logic.finding.conditions import asked_of, derived
from trackfix.project.run_logic.finding.frames import asked_by_query, asked_of_rows
from trackfix.project.run_logic.finding.loops import is_only_one, note_filter, note_test, pick_kept
from trackfix.project.run_logic.finding.orders import EITHER, best, called, keep, reduced, sort
from trackfix.project.run_logic.finding.search import Search
from trackfix.project.run_logic.fragments import Step
from trackfix.project.run_logic.values.bodies import Body
from trackfix.source.patterns import lazy_pattern

# What a value is: all runs that were found, one of them, or its id.
State = Literal["runs", "run", "id"]

_FIRST = frozenset({"iloc", "loc", "iat", "at"})
_SAME = frozenset({"copy", "dropna", "fillna", "astype", "head", "tail", "reset_index", "items"})
_SAME |= {"values", "iterrows", "itertuples", "to_dict", "to_list", "to_numpy", "tolist"}
_PICKING = frozenset({"pop", "squeeze", "item", "first"})
_AROUND = frozenset(
    {"sorted", "list", "iter", "tuple", "reversed", "filter", "DataFrame", "enumerate"}
)
_SORTING = frozenset({"sort_values", "sort", "nlargest", "nsmallest"})
_ENDS = frozenset({"delete_run", "set_terminated"})
_MAKES = frozenset({"create_run", "start_run"})
_BEST = lazy_pattern(r"(?:\bnp\.|\.)(?:idx|arg)(?:max|min)\([^()]*\)$")
_COLUMN = lazy_pattern(r"^(?:run_id$|tags\.|metrics\.)")
_FARTHEST = 8


def follow(search: Search, node: ast.expr, state: State, depth: int = 0) -> None:
    """See what becomes of the value of an expression."""
    if depth > _FARTHEST:
        return
    parent = search.body.file.parents.get(node)
    if isinstance(parent, ast.NamedExpr):
        _follow_name(search, parent.target.id, parent.lineno, state, depth)
        follow(search, parent, state, depth + 1)
    elif isinstance(parent, (ast.Await, ast.Starred, ast.BoolOp)) or (
        isinstance(parent, ast.IfExp) and node is not parent.test
    ):
        follow(search, parent, state, depth + 1)
    elif isinstance(parent, ast.Call) and node in parent.args:
        _follow_argument(search, parent, state, depth)
    elif isinstance(parent, (ast.Assign, ast.AnnAssign)):
        _follow_assignment(search, parent, state, depth)
    elif isinstance(parent, (ast.Return, ast.Yield, ast.YieldFrom)):
        search.is_returned = True
        if state == "run":
            search.taken.add("run")
    elif state == "id":
        return
    elif isinstance(parent, ast.Attribute):
        if state == "runs":
            _follow_method(search, parent, depth)
        else:
            _follow_part(search, parent, depth)
    elif isinstance(parent, ast.Subscript) and node is parent.value:
        _follow_item(search, parent, state, depth)
    elif state == "run":
        if isinstance(parent, (ast.keyword, ast.Tuple, ast.Dict)):
            search.taken.add("run")
    elif isinstance(parent, (ast.For, ast.AsyncFor)) and node is parent.iter:
        _follow_loop(search, parent, depth)
    elif isinstance(parent, ast.comprehension) and node is parent.iter:
        _follow_comprehension(search, parent, depth)
    elif isinstance(parent, ast.Match):
        _follow_cases(search, parent, depth)


def _follow_assignment(
    search: Search, node: ast.Assign | ast.AnnAssign, state: State, depth: int
) -> None:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Name):
            _follow_name(search, target.id, node.lineno, state, depth)
        elif isinstance(target, (ast.Tuple, ast.List)) and state == "runs":
            single = [part for part in target.elts if not isinstance(part, ast.Starred)]
            if len(single) == 1 and single[0] is target.elts[0]:
                search.pick(node, "unpacked")
                _follow_name(search, dotted(single[0]) or "", node.lineno, "run", depth)


def _follow_cases(search: Search, node: ast.Match, depth: int) -> None:
    """``case [first]`` and ``case [first, *_]`` pick the first run; ``case [first, *rest]`` goes on
    with all of them."""
    for case in node.cases:
        parts = case.pattern.patterns if isinstance(case.pattern, ast.MatchSequence) else []
        is_first = all(isinstance(part, ast.MatchStar) and not part.name for part in parts[1:])
        if parts and is_first and isinstance(parts[0], ast.MatchAs) and parts[0].name:
            search.pick(parts[0], "the first of a match")
            _follow_name(search, parts[0].name, parts[0].lineno, "run", depth)


def _follow_name(search: Search, name: str, line: int, state: State, depth: int) -> None:
    """See what becomes of what a name holds from a line on, until it is bound again."""
    if (name, line) in search.seen:
        return
    search.seen.add((name, line))
    body = search.body
    later = [h.line for h in body.holdings.get(name, ()) if h.line > line and not h.guarded]
    end = min(later, default=1 << 30)
    for node in body.reads.get(name, ()):
        # A value that is bound again may still be read in the statement that binds it.
        if line <= node.lineno <= end:
            follow(search, node, state, depth + 1)


def _follow_method(search: Search, node: ast.Attribute, depth: int) -> None:
    """``runs.iloc``, ``runs.sort_values(...)``, ``runs.run_id``."""
    call = search.body.file.parents.get(node)
    if node.attr in _FIRST:
        follow(search, node, "runs", depth + 1)
    elif node.attr in _SAME:
        search.is_last = search.is_last or node.attr == "tail"
        is_called = isinstance(call, ast.Call) and call.func is node
        follow(
            search, call if is_called and isinstance(call, ast.Call) else node, "runs", depth + 1
        )
    elif node.attr in _PICKING and isinstance(call, ast.Call) and not _is_repeated(search, call):
        search.pick(call, f"{node.attr}(...)")
        search.is_last = search.is_last or (node.attr == "pop" and not call.args)
        follow(search, call, "run", depth + 1)
    elif node.attr == "reverse" and search.is_ascending is not None:
        search.is_ascending = not search.is_ascending
    elif node.attr == "query" and isinstance(call, ast.Call) and call.args:
        search.terms += asked_by_query(call.args[0], search.body)
        follow(search, call, "runs", depth + 1)
    elif node.attr == "get" and isinstance(call, ast.Call) and call.args:
        column = string_value(call.args[0]) or ""
        if _COLUMN.search(column):
            _take_column(search, column)
            follow(search, call, "runs", depth + 1)
    elif node.attr in _SORTING:
        if isinstance(call, ast.Call):
            sort(search, call)
            follow(search, call, "runs", depth + 1)
    elif node.attr == "run_id":
        search.taken.add("run-id")
        follow(search, node, "runs", depth + 1)


def _is_repeated(search: Search, node: ast.AST) -> bool:
    """Whether a loop takes one run after the other from what was found."""
    parents = search.body.file.parents
    while isinstance(node := parents.get(node, search.body.node), (ast.expr, ast.stmt)):
        if isinstance(node, ast.While):
            return True
        if node is search.body.node:
            return False
    return False


def _follow_part(search: Search, node: ast.Attribute, depth: int) -> None:
    """``run.info.run_id``, ``run.data.tags``."""
    parents = search.body.file.parents
    full, names = node, [node.attr]
    while isinstance(around := parents.get(full), ast.Attribute):
        full = around
        names.append(around.attr)
    if "run_id" in names or "run_uuid" in names:
        search.taken.add("run-id")
        search.steps.append(Step(search.body.file.line(node), _told(search, full)))
        follow(search, full, "id", depth + 1)
    elif "experiment_id" in names:
        search.taken.add("experiment-id")
    elif "tags" in names:
        search.taken.add("tags")
    elif "metrics" in names:
        search.taken.add("metrics")
    elif "set_terminated" in names:
        search.deletes = True


def _follow_item(search: Search, node: ast.Subscript, state: State, depth: int) -> None:
    """``runs[0]``, ``runs["run_id"]``, ``run["run_id"]``, ``frame.at[0, "run_id"]``."""
    column = string_value(node.slice)
    if state == "run" or column is not None:
        _take_column(search, column or "")
        if state == "runs":
            follow(search, node, "runs", depth + 1)
        return
    if isinstance(node.slice, ast.Slice):
        _slice(search, node.slice)
        follow(search, node, "runs", depth + 1)
        return
    if _follow_mask(search, node, depth):
        return
    place = node.slice
    if isinstance(place, ast.Tuple) and place.elts:
        _take_column(search, string_value(place.elts[-1]) or "")
        place = place.elts[0]
    if isinstance(place, ast.Subscript) and last_name(place.value) == "index":
        place = place.slice  # ``frame.loc[frame.index[0]]``
    end = 0
    if isinstance(place, ast.UnaryOp):
        search.is_last = True
        place, end = place.operand, 1
    # The second one is another run than the newest or the best.
    if isinstance(place, ast.Constant) and place.value == end:
        search.pick(node, _told(search, node))
        follow(search, node, "run", depth + 1)


def _told(search: Search, node: ast.expr) -> str:
    """What is taken, in text; a call that it begins with has been told already."""
    root = node
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    call = root.value if isinstance(root, ast.Await) else root
    if not isinstance(call, ast.Call):
        return ast.unparse(node)
    before = ast.unparse(root) if call is root else f"({ast.unparse(root)})"
    # By this name it comes behind the search, where both stand on one line.
    name = "them" if call is search.call else f"{last_name(call.func)}(...)"
    return f"{name}{ast.unparse(node).removeprefix(before)}"


def _slice(search: Search, part: ast.Slice) -> None:
    """``runs[-1:]`` leaves the last run, ``runs[::-1]`` turns them round."""
    if part.lower is not None and ast.unparse(part.lower) == "-1":
        search.is_last = True
    elif part.step is not None and ast.unparse(part.step) == "-1":
        search.is_ascending = None if search.is_ascending is None else not search.is_ascending


def _follow_mask(search: Search, node: ast.Subscript, depth: int) -> bool:
    """``frame[frame["tags.key"] == value]``, ``frame.loc[frame["metrics.key"].idxmax()]``."""
    place = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
    held = search.body.held(place.id, node.lineno) if isinstance(place, ast.Name) else []
    asked_for = held[0].value if len(held) == 1 else place
    for call in ast.walk(asked_for):
        if isinstance(call, ast.Call) and _BEST.search(ast.unparse(call)):
            sort(search, call)
            search.pick(node, ast.unparse(node))
            follow(search, node, "run", depth + 1)
            return True
    asked = asked_of_rows(node.slice, search.body)
    if asked is None:
        return any(isinstance(part, ast.Call) for part in ast.walk(node.slice))
    search.terms += asked
    if isinstance(node.slice, ast.Tuple):
        _take_column(search, string_value(node.slice.elts[-1]) or "")
    follow(search, node, "runs", depth + 1)
    return True


def _take_column(search: Search, column: str) -> None:
    if "run_id" in column:
        search.taken.add("run-id")
    elif column.startswith("metrics"):
        search.taken.add("metrics")
    elif column.startswith("tags"):
        search.taken.add("tags")


def _may_be_new(name: str, body: Body) -> bool:
    """Whether a name may hold a run that the function makes."""
    held = (holding.value for holding in body.holdings.get(name, ()))
    return any(isinstance(v, ast.Call) and last_name(v.func) in _MAKES for v in held)


def _follow_argument(search: Search, call: ast.Call, state: State, depth: int) -> None:
    name = called(call, search.body)
    if state == "id":
        # A run whose id is kept, or that may be new, is ended after much else was done with it.
        ended = call.args[-1]
        is_kept = isinstance(ended, ast.Name) or _may_be_new(root_name(ended), search.body)
        search.deletes = search.deletes or name == "delete_run" or (name in _ENDS and not is_kept)
    elif state == "run":
        if name in _ENDS:
            search.deletes = True
        elif name in ("getattr", "dict"):
            follow(search, call, "run", depth + 1)
        else:
            search.taken.add("run")
    elif name in ("next", "first", "max", "min", EITHER):
        if name not in ("next", "first"):
            sort(search, call)
        search.pick(call, f"{name}(...)")
        follow(search, call, "run", depth + 1)
    elif name == "reduce" and len(call.args) > 1:
        reduced(search, call.args[0])
        search.pick(call, "reduce(...)")
        follow(search, call, "run", depth + 1)
    elif name in ("nlargest", "nsmallest"):
        sort(search, call)
        follow(search, call, "runs", depth + 1)
    elif name in _AROUND:
        if name == "sorted":
            sort(search, call)
        elif name == "reversed" and search.is_ascending is not None:
            search.is_ascending = not search.is_ascending
        elif name == "filter":
            note_filter(search, call.args[0])
        follow(search, call, "runs", depth + 1)


def _follow_loop(search: Search, loop: ast.For | ast.AsyncFor, depth: int) -> None:
    """A loop that ends with the first run that fits picks one; any other goes through all."""
    target = loop.target.elts[-1] if isinstance(loop.target, ast.Tuple) else loop.target
    if not isinstance(target, ast.Name):
        return
    inside = [node for part in loop.body for node in ast.walk(part)]
    line = search.body.file.line
    ends = [line(node) for node in inside if isinstance(node, (ast.Return, ast.Break))]
    names = derived(target.id, inside)
    tests = [node.test for node in inside if isinstance(node, ast.If)]
    if ends:
        search.pick(loop, f"the first of a loop that ends in line {min(ends)}")
        for test in tests:
            note_test(search, test, names)
        if any("metric" in ast.unparse(test) for test in tests):
            best(search, " ".join(ast.unparse(part) for part in loop.body))
    elif is_only_one(search, loop):
        search.pick(loop, "the only one")
    elif not keep(search, inside, names):
        pick_kept(search, loop, names)
        _follow_collected(search, inside, names, depth)
    for name in sorted(names):
        _follow_name(search, name, loop.lineno, "run", depth)


def _follow_collected(
    search: Search, inside: list[ast.AST], names: frozenset[str], depth: int
) -> None:
    """A loop that appends the runs that fit to a list leaves those."""
    for call in inside:
        if not (isinstance(call, ast.Call) and last_name(call.func) == "append" and call.args):
            continue
        target = call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(target, ast.Name) and dotted(call.args[0]) in names:
            for test in (node.test for node in inside if isinstance(node, ast.If)):
                note_test(search, test, names)
            _follow_name(search, target.id, call.lineno, "runs", depth)
            return


def _follow_comprehension(search: Search, part: ast.comprehension, depth: int) -> None:
    owner = search.body.file.parents.get(part)
    if isinstance(owner, ast.DictComp):
        _follow_index(search, owner, depth)
        return
    if not isinstance(owner, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
        return
    if isinstance(part.target, ast.Name):
        for condition in part.ifs:
            note_test(search, condition, frozenset({part.target.id}))
        if "run_id" in ast.unparse(owner.elt):
            search.taken.add("run-id")
    follow(search, owner, "runs", depth + 1)


def _follow_index(search: Search, index: ast.DictComp, depth: int) -> None:
    """``{run.data.tags["key"]: run for run in runs}`` picks one where it is only asked once."""
    target = index.generators[0].target
    statement = search.body.file.parents.get(index)
    if not (isinstance(target, ast.Name) and isinstance(index.value, ast.Name)):
        return
    term = asked_of(index.key, search.body)
    if term is None or index.value.id != target.id or not isinstance(statement, ast.Assign):
        return
    reads = search.body.reads.get(dotted(statement.targets[0]) or "", ())
    for use in reads if len(reads) == 1 else ():
        around = search.body.file.parents.get(use)
        call = search.body.file.parents.get(around) if around is not None else None
        is_got = isinstance(around, ast.Attribute) and around.attr == "get"
        found = call if is_got else around
        if isinstance(found, (ast.Call, ast.Subscript)) and not _is_repeated(search, found):
            search.terms.append(term)
            search.pick(found, ast.unparse(found))
            follow(search, found, "run", depth + 1)
