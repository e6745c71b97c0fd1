"""Reads the run logic of one file."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from trackfix.project.facts.expressions import dotted, last_name
from trackfix.project.run_logic.anchors import anchors
from trackfix.project.run_logic.creating.continued_runs import find_continued
from trackfix.project.run_logic.creating.creations import STARTED, find_creations
from trackfix.project.run_logic.creating.resolutions import find_resolution
from trackfix.project.run_logic.creating.resumed_runs import find_resumed
from trackfix.project.run_logic.creating.run_blocks import find_run_blocks
from trackfix.project.run_logic.finding.model_runs import find_model_runs
from trackfix.project.run_logic.finding.runs_by_id import find_runs_by_id
from trackfix.project.run_logic.finding.search import Search
from trackfix.project.run_logic.finding.searches import (
    find_searches,
    searches_elsewhere,
    searches_through,
)
from trackfix.project.run_logic.fragments import FileLogic, Fragment, FunctionLogic
from trackfix.project.run_logic.tags.reads import find_tag_reads
from trackfix.project.run_logic.tags.sets import UNSAID, find_tag_sets
from trackfix.project.run_logic.values.bodies import OF_MLFLOW, WORDS_OF_MLFLOW, Body, FileBodies
from trackfix.source.document import Document
from trackfix.source.errors import not_too_deep
from trackfix.source.patterns import holds_match, lazy_pattern

# Without one of these a function holds no run logic.
_TRIGGERS = (
    r"search_runs|list_run_infos|_experiment|create_run|start_run|active_run|set_\w*tag|data\.(?:tags|metrics)"
    r"|tags['\"]?\s*[=\[:]|tags\(|Tags\b|tags\.get\(|in [\w.]*tags\b|['\"]tags\b|['\"]mlflow\."
    r"|\bTAGS?_[A-Z]|[A-Z]_TAGS?\b|\btag\w*\.[A-Z]|\bdef \w*tags\w*\(|get_model_version_by_alias"
    r"|get_latest_versions|search_model_versions|get_run\("
)
_IN_TEXT = lazy_pattern(_TRIGGERS)
_IN_BYTES = lazy_pattern(_TRIGGERS.encode())
# Each trigger has one of these in it.
_WORDS = (
    *("_run", "_experiment", "_model_version", "get_latest_versions"),
    *("tag", "Tag", "TAG", "data.metrics", "'mlflow.", '"mlflow.'),
)
_WORDS_IN_BYTES = tuple(word.encode() for word in _WORDS)
# What only runs have, or the columns of a table of runs.
_OF_RUNS = lazy_pattern(r"\bdata\.(?:tags|metrics|params)\b|['\"](?:tags|metrics)\.")
WORDS_OF_RUNS = (
    *("data.tags", "data.metrics", "data.params"),
    *("'tags.", '"tags.', "'metrics.", '"metrics.'),
)
# Who is given a client need not name MLflow, nor who makes the tags of a run.
_TELLING = lazy_pattern((OF_MLFLOW + r"|\bdef \w*run_tags\w*\(").encode())
_WORDS_OF_TELLING = (*(word.encode() for word in WORDS_OF_MLFLOW), b"run_tags")
# Who has tags of a run from elsewhere need not name MLflow.
_READS_TAGS = lazy_pattern(rb"\brun\w*\.data\.tags\b|\.get_run\(.*\.data\.tags\b", re.DOTALL)
# What makes tags for others may leave it to them to name MLflow.
_MAKES_TAGS = lazy_pattern(rb"\bdef \w*tags\w*\(")
_TRUTH = lazy_pattern(r"single\s+source\s+of\s+truth|\bSSOT\b", re.IGNORECASE)
# Decorators that leave a function what it is for its callers; others may register it somewhere.
_STAYS_CALLABLE = lazy_pattern(
    r"^(?:\w+\.)*(?:staticmethod|classmethod|(?:lru_|ttl_)?cached?|retry|wraps|contextmanager"
    r"|timed|beartype|typechecked|validate_call|no_type_check|override|deprecated)\b"
)


def may_hold_logic(path: str, data: bytes) -> bool:
    """Whether the path and the bytes of a file show anything of run logic."""
    if _is_of_mlflow(path, data):
        return holds_match(data, _IN_BYTES, _WORDS_IN_BYTES)
    return holds_match(data, _MAKES_TAGS, (b"tags",))


def _is_of_mlflow(path: str, data: bytes) -> bool:
    """Whether the path and the bytes of a file name MLflow, or what only MLflow has."""
    if b"mlflow" in data or "mlflow" in path:
        return True
    if holds_match(data, _READS_TAGS, (b".data.tags",)):
        return True
    return holds_match(data, _TELLING, _WORDS_OF_TELLING)


def read_run_logic(document: Document) -> FileLogic:
    """The run logic of one file, told by this file alone.

    Raises:
        SourceError: it is no Python, or nested too deeply.
    """
    file = FileBodies(document)
    try:
        with not_too_deep("compare what it does"):
            return _read(file)
    finally:
        file.forget()


def _read(file: FileBodies) -> FileLogic:
    fragments: list[Fragment] = []
    searches: list[Search] = []
    for body in file.bodies:
        is_asked = body.name.rpartition(".")[2] in file.tag_makers
        if is_asked or holds_match(body.own_text, _IN_TEXT, _WORDS):
            calls = list(anchors(body))
            found = list(find_searches(body, calls))
            searches += found
            compared = [part for search in found for part in search.compared]
            fragments += _read_body(body, calls, compared)
    searches += _through_helpers(file, searches)
    for body in file.bodies:
        if holds_match(body.own_text, _OF_RUNS, WORDS_OF_RUNS):
            searches += searches_elsewhere(body)
    fragments += [search.fragment() for search in searches]
    path = file.document.path
    if not _is_of_mlflow(path, file.document.data):
        tags = (f for f in fragments if f.kind == "build-tags")
        made = (f for f in tags if "tags" in f.function.rpartition(".")[2])
        fragments = [fragment._replace(marks=(UNSAID,)) for fragment in made]
    if not fragments:
        return FileLogic(path)
    fragments.sort(key=lambda fragment: (fragment.line, fragment.column, fragment.kind))
    holding = {fragment.function for fragment in fragments}
    named = _callers(file, holding)
    holding |= {name for name, called in named.items() if _is_dispatcher(called, holding)}
    return FileLogic(
        path,
        tuple(fragments),
        tuple(_function(body, named) for body in file.bodies if body.name in holding),
        tuple(sorted((name, *home) for name, home in file.imports.items())),
    )


def _read_body(
    body: Body, calls: list[tuple[ast.Call, str]], compared: Collection[ast.expr]
) -> Iterator[Fragment]:
    """What a function does with runs, but for searching them."""
    created = list(find_creations(body, calls))
    yield from created
    yield from find_continued(body, calls)
    yield from find_resumed(body, calls)
    yield from find_model_runs(body, calls)
    yield from find_runs_by_id(body, calls)
    yield from find_run_blocks(body, calls)
    by_hand = [fragment for fragment in created if STARTED not in fragment.marks]
    built_there = {term for fragment in by_hand for term in fragment.terms}
    for fragment in find_tag_sets(body, calls):
        if built_there.issuperset(fragment.terms):
            known = (mark for mark in fragment.marks if mark != UNSAID)
            fragment = fragment._replace(marks=(*known, "of a new run"))
        yield fragment
    resolution = find_resolution(body, calls)
    if resolution is not None:
        yield resolution
    yield from find_tag_reads(body, compared)


def _through_helpers(file: FileBodies, searches: Iterable[Search]) -> Iterator[Search]:
    """The searches that functions make by those of the same file that return runs."""
    returned: dict[str, list[Search]] = {}
    for search in searches:
        if search.is_returned and search.body.name:
            returned.setdefault(search.body.name, []).append(search)
    helpers = {name.rpartition(".")[2] for name in returned}
    for body in file.bodies if helpers else ():
        if any(name in body.text for name in helpers):
            yield from searches_through(body, returned)


def _callers(file: FileBodies, names: Collection[str]) -> dict[str, set[str]]:
    """Which of some functions each function of a file calls, by their last names."""
    wanted = sorted({name.rpartition(".")[2] for name in names} - {""})
    if not wanted:
        return {}
    called = re.compile(rf"\b({'|'.join(wanted)})\s*\(")
    found = {}
    for body in file.bodies:
        names = set(called.findall(body.text))
        found[body.name] = _ways(body, names) if len(names) > 1 else names
    return found


def _ways(body: Body, names: Collection[str]) -> set[str]:
    """Those of some functions whose results a function takes one for the other: it returns them, or
    gives them to one name."""
    returned = {
        part.id
        for node in body.of(ast.Return)
        if node.value is not None
        for part in ast.walk(node.value)
        if isinstance(part, ast.Name)
    }
    places: dict[str, set[str]] = {}
    for call in body.calls:
        name = last_name(call.func)
        if name in names:
            for place in _given_to(call, body):
                places.setdefault("" if place in returned else place, set()).add(name)
    return set().union(*(ways for ways in places.values() if len(ways) > 1))


def _given_to(call: ast.Call, body: Body) -> Iterator[str]:
    """The names that get the result of a call; an empty one for who called the function."""
    around = body.file.parents.get(call)
    if isinstance(around, ast.NamedExpr):
        yield around.target.id
    statement = body.file.statement(call)
    if isinstance(statement, (ast.Return, ast.For, ast.AsyncFor)):
        yield ""
    elif isinstance(statement, ast.Assign):
        yield from (dotted(target) or "-" for target in statement.targets)


def _called(body: Body) -> dict[str, int]:
    """The last names of what a function calls, with the first line of each."""
    found: dict[str, int] = {}
    for call in body.calls:
        name = (dotted(call.func) or "").rpartition(".")[2]
        if name:
            found.setdefault(name, body.file.line(call))
    return found


def _is_dispatcher(called: Collection[str], holding: Collection[str]) -> bool:
    """Whether a function calls several of those that hold run logic."""
    return sum(name.rpartition(".")[2] in called for name in holding if name) > 1


def _function(body: Body, calls: Mapping[str, Collection[str]]) -> FunctionLogic:
    node = body.node
    last = body.name.rpartition(".")[2]
    callers = sorted(name for name, called in calls.items() if last in called and name != body.name)
    span, first_below, decorators = (1, 1), 1, []
    docstring = ast.get_docstring(node)
    if not isinstance(node, ast.Module):
        first = body.file.line(node)
        span = first, first + (node.end_lineno or node.lineno) - node.lineno
        below = node.body[1:] if docstring is not None and node.body[1:] else node.body
        first_below = body.file.line(below[0])
        decorators = node.decorator_list
    return FunctionLogic(
        body.name,
        *span,
        parameters=body.parameters,
        required=body.required,
        calls=tuple(sorted(_called(body).items())),
        callers=tuple(callers) if last else (),
        claims_truth=_TRUTH.search(docstring or "") is not None,
        body=first_below,
        gives=any(part.value is not None for part in body.of(ast.Return))
        or any(part.value is not None for part in body.of(ast.Yield)),
        is_inner=body.outer is not None and not isinstance(body.outer.node, ast.Module),
        is_registered=any(_STAYS_CALLABLE.search(ast.unparse(d)) is None for d in decorators),
        bases=body.file.bases.get(body.owner, ()),
    )
