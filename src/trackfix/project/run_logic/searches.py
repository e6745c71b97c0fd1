"""Searches for runs: what is asked for, in which order, and what is made of the answer."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from trackfix.project.expressions import dotted, keyword_value, string_value
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.experiments import experiment_origin
from trackfix.project.run_logic.filters import order_of, read_filter
from trackfix.project.run_logic.fragments import Fragment, Kind, Step, Term
from trackfix.project.run_logic.tag_sets import key_of
from trackfix.project.run_logic.texts import HOLE, text_of

_POSITIONS = ("experiment_ids", "filter_string", "run_view_type", "max_results", "order_by")
_FIRST = frozenset({"iloc", "loc", "iat", "at"})
_SAME = frozenset(
    {"copy", "dropna", "head", "reset_index", "to_list", "tolist", "to_dict", "values", "items"}
)
_NAME_TAG = "mlflow.runName"
_TIMES = ("start_time", "end_time", "created")
_FARTHEST = 8
# Lines behind the pick up to which what is taken of the run belongs to the search.
_FAR = 12


@dataclass
class Search:
    """One search for runs, and what becomes of its answer."""

    call: ast.Call
    body: Body
    terms: list[Term] = field(default_factory=list)
    experiment: str = ""
    order: str = ""
    limit: str = ""
    steps: list[Step] = field(default_factory=list)
    is_picked: bool = False
    is_listed: bool = False
    is_returned: bool = False
    deletes: bool = False
    taken: set[str] = field(default_factory=set)
    through: str = ""
    picked: list[int] = field(default_factory=list)
    seen: set[tuple[str, int]] = field(default_factory=set)

    @property
    def kind(self) -> Kind:
        """What it is for."""
        if self.deletes:
            return "clean-up"
        if self.order == "metric" and self.is_picked:
            return "best-run"
        return "find-run" if self.is_picked else "list-runs"

    def fragment(self) -> Fragment:
        """The same as plain data."""
        ends = [*self.picked, self.body.file.line(self.call)]
        near = [step for step in self.steps if step.line <= max(ends) + _FAR]
        lines = [*ends, *(step.line for step in near)]
        taken = next(
            (t for t in ("run-id", "tags", "metrics", "experiment-id") if t in self.taken), "run"
        )
        return Fragment(
            kind=self.kind,
            path=self.body.file.document.path,
            function=self.body.name,
            line=self.body.file.line(self.call),
            column=self.call.col_offset + 1,
            first=min(lines),
            last=max(lines),
            steps=tuple(sorted(set(near), key=lambda step: (step.line, step.text))),
            terms=tuple(dict.fromkeys(self.terms)),
            experiment=self.experiment,
            order=self.order,
            limit=self.limit,
            taken=taken,
            marks=(f"through {self.through}",) if self.through else (),
        )


def find_searches(body: Body, calls: list[tuple[ast.Call, str]]) -> Iterator[Search]:
    """The searches in one function. What a helper of the same file returns is searched here."""
    for call, name in calls:
        if name in ("search_runs", "list_run_infos"):
            search = _asked(call, name, body)
            _follow(search, call, "runs")
            yield search


def with_helpers(body: Body, returned: dict[str, list[Search]]) -> Iterator[Search]:
    """The searches that a function makes by helpers of the same file, which return their runs."""
    for call in body.calls:
        name = (dotted(call.func) or "").removeprefix("self.").removeprefix("cls.")
        key = name if name in returned else f"{body.owner}.{name}"
        for inner in returned.get(key, ()):
            if inner.body is body:
                continue
            line = body.file.line(call)
            text = f"{name}(...), which searches in line {body.file.line(inner.call)}"
            search = Search(
                call,
                body,
                list(inner.terms),
                inner.experiment,
                inner.order,
                inner.limit,
                [Step(line, text)],
                through=name,
            )
            _follow(search, call, "runs" if not inner.is_picked else "run")
            if search.is_picked and not inner.is_picked:
                yield search


def _asked(call: ast.Call, name: str, body: Body) -> Search:
    line = body.file.line(call)
    search = Search(call, body)
    given = {key: _argument(call, key, place) for place, key in enumerate(_POSITIONS)}
    ids = given["experiment_ids"] or keyword_value(call, "experiment_names")
    if ids is None and name == "list_run_infos" and call.args:
        ids = call.args[0]
    named = keyword_value(call, "experiment_names") is not None
    origin = "name" if named else ""
    if not named and ids is not None:
        origin, steps = experiment_origin(ids, body, call.lineno)
        search.steps += steps
    search.experiment = origin
    text = (
        "" if given["filter_string"] is None else text_of(given["filter_string"], body, call.lineno)
    )
    if name == "search_runs" and text:
        search.terms += read_filter(text)
        if not search.terms and HOLE.search(text):
            search.terms.append(_unknown(given["filter_string"]))
    if given["order_by"] is not None:
        search.order = order_of(text_of(given["order_by"], body, call.lineno))
    search.limit = _limit(given["max_results"], body, call.lineno)
    search.steps.append(Step(line, _told(search, name)))
    return search


def _unknown(node: ast.expr | None) -> Term:
    """A filter that is made elsewhere, told by what is said to its maker."""
    said = []
    if isinstance(node, ast.Call):
        for part in (*node.args, *(keyword.value for keyword in node.keywords)):
            text = string_value(part) or dotted(part) or ""
            if isinstance(part, ast.Constant) or text.rpartition(".")[2].isupper():
                said.append(text)
    is_given = isinstance(node, ast.Name)
    return Term("other", "<:filter>" if is_given else "<:made filter>", ", ".join(said))


def _argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    given = keyword_value(call, name)
    if given is not None or len(call.args) <= place:
        return given
    if any(isinstance(part, ast.Starred) for part in call.args[: place + 1]):
        return None
    return call.args[place]


def _limit(node: ast.expr | None, body: Body, line: int) -> str:
    if node is None:
        return ""
    text = text_of(node, body, line)
    return "one" if text == "1" else "many"


def _told(search: Search, name: str) -> str:
    """The search in words."""
    parts = [describe(term) for term in search.terms] or ["no filter"]
    if search.order:
        parts.append({"time": "by time", "metric": "by metric"}.get(search.order, "ordered"))
    if search.limit == "one":
        parts.append("one")
    return f"{name}({', '.join(dict.fromkeys(parts))})"


def describe(term: Term) -> str:
    """A condition in words."""
    key = term.key
    if key.startswith("<"):
        key = key.strip("<>").rpartition(":")[2]
    value = f" = {term.value!r}" if term.value else ""
    return f"{term.kind} {key}{value}".rstrip() if key else f"{term.kind}{value}"


def _follow(search: Search, node: ast.expr, state: str, depth: int = 0) -> None:
    """See what becomes of a value: ``runs`` or one ``run``."""
    if depth > _FARTHEST:
        return
    body = search.body
    parents = body.file.parents
    parent = parents.get(node)
    if isinstance(parent, (ast.Await, ast.NamedExpr, ast.Starred)) or (
        isinstance(parent, (ast.IfExp, ast.BoolOp)) and node is not getattr(parent, "test", None)
    ):
        if isinstance(parent, ast.NamedExpr):
            _follow_name(search, parent.target.id, parent.lineno, state, depth)
        assert isinstance(parent, ast.expr)
        _follow(search, parent, state, depth + 1)
    elif isinstance(parent, ast.Attribute):
        _follow_attribute(search, parent, state, depth)
    elif isinstance(parent, ast.Subscript) and node is parent.value:
        _follow_item(search, parent, state, depth)
    elif isinstance(parent, ast.Call) and node in parent.args:
        _follow_argument(search, parent, state, depth)
    elif isinstance(parent, (ast.Assign, ast.AnnAssign)):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        for target in targets:
            if isinstance(target, ast.Name):
                _follow_name(search, target.id, parent.lineno, state, depth)
            elif isinstance(target, (ast.Tuple, ast.List)) and target.elts and state == "runs":
                _pick(search, parent, "unpacked")
                if isinstance(target.elts[0], ast.Name):
                    _follow_name(search, target.elts[0].id, parent.lineno, "run", depth)
    elif isinstance(parent, (ast.For, ast.AsyncFor)) and node is parent.iter:
        _follow_loop(search, parent, state, depth)
    elif isinstance(parent, ast.comprehension) and node is parent.iter:
        _follow_comprehension(search, parent, state, depth)
    elif isinstance(parent, (ast.Return, ast.Yield, ast.YieldFrom)):
        search.is_returned = True
        if state == "run":
            search.taken.add("run")
    elif isinstance(parent, (ast.keyword, ast.Tuple, ast.Dict)) and state == "run":
        search.taken.add("run")


def _follow_name(search: Search, name: str, line: int, state: str, depth: int) -> None:
    """See what becomes of what a name holds from a line on, until it is bound again."""
    if (name, line) in search.seen:
        return
    search.seen.add((name, line))
    later = [h.line for h in search.body.holdings.get(name, ()) if h.line > line and not h.guarded]
    end = min(later, default=1 << 30)
    for node in search.body.nodes:
        if not (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)):
            continue
        # A value that is bound again may still be read in the statement that binds it.
        if line <= node.lineno <= end:
            _follow(search, node, state, depth + 1)


def _follow_attribute(search: Search, node: ast.Attribute, state: str, depth: int) -> None:
    parents = search.body.file.parents
    line = search.body.file.line(node)
    if state == "runs":
        if node.attr in _FIRST or node.attr in _SAME:
            _follow(search, node, "runs", depth + 1)
        elif node.attr == "sort_values" or node.attr == "sort":
            _sort(search, parents.get(node))
            outer = parents.get(node)
            if isinstance(outer, ast.Call):
                _follow(search, outer, "runs", depth + 1)
        elif node.attr == "run_id":
            search.taken.add("run-id")
            _follow(search, node, "runs", depth + 1)
        elif isinstance(outer := parents.get(node), ast.Call) and outer.func is node:
            search.is_listed = True
        return
    full = node
    names = [node.attr]
    while isinstance(around := parents.get(full), ast.Attribute):
        full = around
        names.append(around.attr)
    if "run_id" in names or "run_uuid" in names:
        search.taken.add("run-id")
        search.steps.append(Step(line, f"{ast.unparse(full)}"))
    elif "experiment_id" in names:
        search.taken.add("experiment-id")
    elif "tags" in names:
        search.taken.add("tags")
    elif "metrics" in names:
        search.taken.add("metrics")
    elif "set_terminated" in names:
        search.deletes = True


def _follow_item(search: Search, node: ast.Subscript, state: str, depth: int) -> None:
    text = string_value(node.slice)
    if state == "run" or text is not None:
        column = text or string_value(node.slice) or ""
        if "run_id" in column:
            search.taken.add("run-id")
        elif column.startswith("metrics"):
            search.taken.add("metrics")
        elif column.startswith("tags"):
            search.taken.add("tags")
        if state == "runs":
            _follow(search, node, "runs", depth + 1)
        return
    if isinstance(node.slice, ast.Slice):
        _follow(search, node, "runs", depth + 1)
        return
    place = node.slice
    if isinstance(place, ast.Tuple) and place.elts:
        if "run_id" in (string_value(place.elts[-1]) or ""):
            search.taken.add("run-id")
        place = place.elts[0]
    if isinstance(place, ast.UnaryOp):
        place = place.operand
    if isinstance(place, ast.Constant) and place.value in (0, 1):
        _pick(search, node, ast.unparse(node))
        _follow(search, node, "run", depth + 1)


def _follow_argument(search: Search, call: ast.Call, state: str, depth: int) -> None:
    name = (dotted(call.func) or "").rpartition(".")[2]
    if state == "run":
        if name in ("delete_run", "set_terminated"):
            search.deletes = True
        elif name in ("getattr", "dict"):
            _follow(search, call, "run", depth + 1)
        else:
            search.taken.add("run")
    elif name in ("next", "first"):
        _pick(search, call, f"{name}(...)")
        _follow(search, call, "run", depth + 1)
    elif name in ("max", "min"):
        _sort(search, call)
        _pick(search, call, f"{name}(...)")
        _follow(search, call, "run", depth + 1)
    elif name in ("sorted", "list", "iter", "tuple", "reversed", "filter", "DataFrame"):
        if name == "sorted":
            _sort(search, call)
        _follow(search, call, "runs", depth + 1)
    elif name not in ("len", "bool", "print", "isinstance"):
        search.is_listed = True


def _sort(search: Search, node: ast.AST | None) -> None:
    if not isinstance(node, ast.Call):
        return
    text = " ".join(ast.unparse(part) for part in (*node.args, *node.keywords))
    if "metric" in text:
        search.order = "metric"
    elif any(word in text for word in _TIMES):
        search.order = "time"
    else:
        search.order = search.order or "other"


def _follow_loop(search: Search, loop: ast.For | ast.AsyncFor, state: str, depth: int) -> None:
    """A loop that ends with the first run that fits picks one; any other goes through all."""
    if state == "run" or not isinstance(loop.target, ast.Name):
        return
    name = loop.target.id
    inside = [node for part in loop.body for node in ast.walk(part)]
    ends = [node.lineno for node in inside if isinstance(node, (ast.Return, ast.Break))]
    names = _derived(name, inside)
    tests = [node.test for node in inside if isinstance(node, ast.If)]
    by_metric = any("metric" in ast.unparse(test) for test in tests)
    if ends:
        _pick(search, loop, f"the first of a loop that ends in line {min(ends)}")
        for test in tests:
            found = list(_compared(test, names, search.body))
            search.terms += found or [Term("other", f"<:{ast.unparse(test)[:40]}>")]
    if by_metric:
        search.order = "metric"
        search.is_picked = True
    elif not ends:
        search.is_listed = True
    _follow_name(search, name, loop.lineno, "run", depth)


def _derived(name: str, nodes: list[ast.AST]) -> frozenset[str]:
    """A name, and those that are made from it: ``run = client.get_run(info.run_id)``."""
    names = {name}
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            used = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if used & names:
                names.update(target.id for target in targets if isinstance(target, ast.Name))
    return frozenset(names)


def _follow_comprehension(search: Search, part: ast.comprehension, state: str, depth: int) -> None:
    owner = search.body.file.parents.get(part)
    if state == "run" or not isinstance(owner, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
        search.is_listed = True
        return
    if isinstance(part.target, ast.Name):
        for condition in part.ifs:
            found = list(_compared(condition, {part.target.id}, search.body))
            search.terms += found or [Term("other", f"<:{ast.unparse(condition)[:40]}>")]
        if "run_id" in ast.unparse(owner.elt):
            search.taken.add("run-id")
    _follow(search, owner, "runs", depth + 1)


def _compared(node: ast.AST, names: Collection[str], body: Body) -> Iterator[Term]:
    """What of a run is compared below a node: a filter made by hand."""
    for part in ast.walk(node):
        if not (isinstance(part, ast.Compare) and isinstance(part.ops[0], (ast.Eq, ast.NotEq))):
            continue
        for side, other in ((part.left, part.comparators[0]), (part.comparators[0], part.left)):
            text = ast.unparse(side)
            if not (text.partition(".")[0] in names and "." in text):
                continue
            literal = string_value(other) or ""
            if text.endswith("run_name"):
                yield Term("name", "", literal)
            elif text.endswith(("run_id", "run_uuid")):
                yield Term("id")
            elif text.endswith("status"):
                yield Term("status", "", literal)
            elif "tags" in text:
                key = _key_of(side, body)
                if key:
                    yield (
                        Term("name", "", literal) if key == _NAME_TAG else Term("tag", key, literal)
                    )


def _key_of(node: ast.expr, body: Body) -> str:
    """The key of ``run.data.tags[key]`` or ``run.data.tags.get(key)``."""
    asked: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        asked = node.slice
    elif isinstance(node, ast.Call) and node.args:
        asked = node.args[0]
    if asked is None:
        return ""
    return key_of(asked, body)


def _pick(search: Search, node: ast.stmt | ast.expr, text: str) -> None:
    search.is_picked = True
    line = search.body.file.line(node)
    search.picked.append(line)
    search.steps.append(Step(line, text[:80]))
