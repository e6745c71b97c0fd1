"""Searches for runs: what is asked for, in which order, and how many."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence

from trackfix.project.facts.expressions import dotted, keyword_value, last_name, string_value
from trackfix.project.run_logic.creating.experiments import experiment_origin
from trackfix.project.run_logic.finding.answers import follow
from trackfix.project.run_logic.finding.filters import best_by, direction_of, order_of, read_filter
from trackfix.project.run_logic.finding.search import Search
from trackfix.project.run_logic.fragments import Step, Term, told_key
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.spreads import elements_of, spread
from trackfix.project.run_logic.values.tag_keys import key_of
from trackfix.project.run_logic.values.texts import default_texts, text_of

# Modules that list no runs of a project.
_FOREIGN = sys.stdlib_module_names | {"mlflow", "numpy", "pandas", "torch", "tqdm", "click"}
# What is only asked of runs.
_OF_RUNS = frozenset({"tag", "param", "order", "metric"})
# Which runs are viewed, in words: those that are active are no news. Views are numbers, too.
_VIEWS = {"": "", "ACTIVE_ONLY": "", "1": "", "DELETED_ONLY": "deleted", "2": "deleted"}
_VIEWS |= {"ALL": "deleted, too", "3": "deleted, too"}
_POSITIONS = ("experiment_ids", "filter_string", "run_view_type", "max_results", "order_by")


def find_searches(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Search]:
    """The searches in one function."""
    for call, name in calls:
        if name in ("search_runs", "list_run_infos"):
            # The second argument of list_run_infos is no filter.
            given = _argument(call, "filter_string", 1) if name == "search_runs" else None
            for tried in _tried(given, body, call.lineno):
                search = _asked(call, name, body, tried)
                follow(search, body.handed_over.get(call, call), "runs")
                yield search


def searches_through(body: Body, returned: Mapping[str, Sequence[Search]]) -> Iterator[Search]:
    """The searches that a function makes by helpers of the same file: those ``returned`` by the
    functions with these names, of which it picks a run itself."""
    for call in body.calls:
        name = (dotted(call.func) or "").removeprefix("self.").removeprefix("cls.")
        key = name if name in returned else f"{body.owner}.{name}"
        for inner in returned.get(key, ()):
            if inner.body is body or inner.is_picked:
                continue
            given = _given(call, inner)
            for tried in _tried(given.get(inner.filter_from), body, call.lineno):
                search = _bound(inner, call, name, body, given | {inner.filter_from: tried})
                follow(search, call, "runs")
                if search.is_picked:
                    yield search


def _tried(node: ast.expr | None, body: Body, line: int) -> Sequence[ast.expr | None]:
    """The filters that a loop tries one after the other, else the one that is given."""
    held = body.held(node.id, line) if isinstance(node, ast.Name) else []
    if len(held) != 1 or held[0].how != "each":
        return [node]
    return elements_of(held[0].value, body, line) or [node]


def searches_elsewhere(body: Body) -> Iterator[Search]:
    """The runs that a function picks from what functions of other modules give it, whatever these
    are: only the project tells."""
    for call in body.calls:
        root, _, rest = (dotted(call.func) or "").partition(".")
        made = _made_by(call, body)
        if made:
            # A method of what a class of another module makes.
            root, _, rest = f"{made}.{last_name(call.func)}".partition(".")
        module, source = body.file.imports.get(root, ("", ""))
        is_class = (rest or source).rpartition(".")[2][:1].isupper()
        if not module or is_class or module.partition(".")[0] in _FOREIGN:
            continue
        if body.is_parameter(root) or isinstance(body.file.parents.get(call), ast.Expr):
            continue
        search = Search(call, body, through=f"{root}.{rest}" if rest else root)
        follow(search, call, "runs")
        asked = {term.kind for term in search.terms} & _OF_RUNS
        if search.is_picked and (asked or "run-id" in search.taken):
            name = ".".join(part for part in (source, rest) if part)
            search.asked_of = f"{module}:{name}"
            step = Step(body.file.line(call), f"{search.through}(...)")
            search.steps.append(step)
            yield search


def _made_by(call: ast.Call, body: Body) -> str:
    """The class that makes the object of which a method is called: ``Store(...).runs()``, or a name
    that holds one or is a parameter declared as one; empty if that is not known."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    owner = call.func.value
    name = dotted(owner) or ""
    if name and name.partition(".")[0] not in body.file.imports:
        held = body.held(name, call.lineno)
        made = body.file.by_name.get(f"{body.owner}.__init__")
        if not held and name.startswith("self.") and made is not None:
            held = made.held(name, 1 << 30)
        owner = held[0].value if len(held) == 1 else owner
        if not held and body.is_parameter(name):
            return _declared(name, body)
    found = dotted(owner.func) or "" if isinstance(owner, ast.Call) else ""
    return found if found.rpartition(".")[2][:1].isupper() else ""


def _declared(name: str, body: Body) -> str:
    """The class that a parameter is declared as."""
    if isinstance(body.node, ast.Module):
        return ""
    given = body.node.args
    for part in (*given.posonlyargs, *given.args, *given.kwonlyargs):
        if part.arg == name and part.annotation is not None:
            return string_value(part.annotation) or dotted(part.annotation) or ""
    return ""


def _asked(call: ast.Call, name: str, body: Body, filter_string: ast.expr | None) -> Search:
    """A search as it is written, with the filter that it is tried with."""
    search = Search(call, body)
    given = {key: _argument(call, key, place) for place, key in enumerate(_POSITIONS)}
    given["filter_string"] = filter_string
    more = spread(call, body)
    if more is not None:
        given = {key: given[key] or more.get(key) for key in given}
    if more == {} and given["filter_string"] is None:
        search.terms = [Term("other", "<:filter>")]
    ids = given["experiment_ids"]
    if ids is None and name == "list_run_infos" and call.args:
        ids = call.args[0]
    if keyword_value(call, "experiment_names") is not None:
        search.experiment = "name"
        search.steps = [Step(body.file.line(call), "experiment from its name")]
    elif ids is not None:
        search.experiment, search.steps = experiment_origin(ids, body, call.lineno)
        search.experiment_from = _parameter(ids, body)
    if name == "search_runs" and given["filter_string"] is not None:
        search.terms = _conditions(given["filter_string"], body, call.lineno)
        search.filter_from = _parameter(given["filter_string"], body)
    if given["order_by"] is not None:
        order = text_of(given["order_by"], body, call.lineno)
        search.order = order_of(order)
        search.is_ascending = direction_of(order)
        search.terms += best_by(order, default_texts(body)) if search.order == "metric" else ()
    if given["max_results"] is not None:
        is_one = text_of(given["max_results"], body, call.lineno) == "1"
        search.limit = "one" if is_one else "many"
    view = given["run_view_type"]
    viewed = ast.unparse(view) if view is not None else ""
    ends = given["order_by"] is not None and "end_time" in order
    search.steps.append(Step(body.file.line(call), _told(search, name, by_end=ends, view=viewed)))
    return search


def _given(call: ast.Call, inner: Search) -> dict[str, ast.expr | None]:
    """What a call of a helper that searches gives for the helper's parameters."""
    places = enumerate(inner.body.parameters)
    return {parameter: _argument(call, parameter, place) for place, parameter in places}


def _bound(
    inner: Search, call: ast.Call, name: str, body: Body, given: Mapping[str, ast.expr | None]
) -> Search:
    """What a helper searches for, with what is given for its parameters."""
    line = body.file.line(call)
    text = f"{name}(...), which searches in line {inner.body.file.line(inner.call)}"
    search = Search(
        call,
        body,
        list(inner.terms),
        inner.experiment,
        inner.order,
        inner.is_ascending,
        limit=inner.limit,
        steps=[Step(line, text)],
        through=name,
    )
    asked = given.get(inner.filter_from)
    if asked is not None:
        search.terms = _conditions(asked, body, call.lineno)
    else:
        search.terms = [_with_key(term, given, body) for term in search.terms]
    where = given.get(inner.experiment_from)
    if where is not None:
        origin, steps = experiment_origin(where, body, call.lineno)
        search.experiment = origin or search.experiment
        search.steps += steps
    return search


def _with_key(term: Term, given: Mapping[str, ast.expr | None], body: Body) -> Term:
    """A condition whose key the caller gives."""
    key = given.get(term.key[2:-1]) if term.key.startswith("<:") else None
    return term if key is None else term._replace(key=key_of(key, body))


def _conditions(node: ast.expr, body: Body, line: int) -> list[Term]:
    """What a filter asks for."""
    text = text_of(node, body, line)
    terms = list(read_filter(text))
    return terms or ([_unknown(node, body, line)] if HOLE.search(text) else [])


def _parameter(node: ast.expr, body: Body) -> str:
    """The parameter that an expression is, perhaps as the only element of a list."""
    if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1:
        node = node.elts[0]
    is_given = isinstance(node, ast.Name) and node.id in body.parameters
    return node.id if isinstance(node, ast.Name) and is_given else ""


def _unknown(node: ast.expr, body: Body, line: int) -> Term:
    """A filter that the caller gives, or one that is made elsewhere: by whom and of what."""
    if isinstance(node, ast.Name):
        if body.is_parameter(node.id):
            return Term("other", "<:filter>")
        held = [part.value for part in body.held(node.id, line) if part.value is not node]
        node = next((value for value in held if isinstance(value, ast.Call)), node)
    if not isinstance(node, ast.Call):
        return Term("other", f"<:filter {ast.unparse(node)[:40]}>")
    said = [f"{keyword.arg}=" for keyword in node.keywords if keyword.arg]
    for part in (*node.args, *(keyword.value for keyword in node.keywords)):
        text = string_value(part) or dotted(part) or ""
        if isinstance(part, ast.Constant) or text.rpartition(".")[2].isupper():
            said.append(text)
    return Term("other", f"<:made by {last_name(node.func)}>", ", ".join(said))


def _argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    given = keyword_value(call, name)
    if given is not None or len(call.args) <= place:
        return given
    if any(isinstance(part, ast.Starred) for part in call.args[: place + 1]):
        return None
    return call.args[place]


def _told(search: Search, name: str, *, by_end: bool, view: str) -> str:
    """The search in words. ``by_end`` tells that it sorts by the end of the runs, ``view`` is which
    of them it asks for: the active ones, unless it says so."""
    parts = [_describe(term) for term in search.terms if term.kind != "order"] or ["no filter"]
    if search.order == "time" and by_end:
        parts.append("by time of end")
    elif search.order:
        parts.append({"time": "by time", "metric": "by metric"}.get(search.order, "ordered"))
    viewed = _VIEWS.get(view.rpartition(".")[2])
    if viewed != "":
        parts.append(viewed or f"view {view}")
    if search.limit == "one":
        parts.append("one")
    return f"{name}({', '.join(dict.fromkeys(parts))})"


def _describe(term: Term) -> str:
    """A condition in words."""
    key = told_key(term.key)
    value = f" = {term.value!r}" if term.value else ""
    return f"{term.kind} {key}{value}".rstrip() if key else f"{term.kind}{value}"
