"""Searches of which one page is taken for the whole answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.facts.expressions import call_name
from trackfix.project.meaning.scopes import Use
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall
from trackfix.project.mlflow_uses.filter_strings import filter_of, filter_texts
from trackfix.project.test_paths import is_test_path
from trackfix.source.patterns import lazy_pattern

# How many a client's search gives at once when it isn't told, in mlflow 3.17. The functions of the
# module read all pages themselves.
PAGE_SIZES = {
    "search_runs": 1_000,
    "search_experiments": 1_000,
    "search_registered_models": 100,
    "search_traces": 100,
    "search_logged_models": 100,
}
_LIMIT_POSITIONS = {
    "search_runs": 3,
    "search_experiments": 1,
    "search_registered_models": 1,
    "search_traces": 2,
    "search_logged_models": 3,
}
_TOKENS = frozenset({"page_token", "token", "next_page_token"})
_WHOLE = frozenset({"sorted", "max", "min", "list", "set", "sum", "len", "tuple"})
_UNIQUE = frozenset({"search_experiments", "search_registered_models"})
_NAMED = lazy_pattern(r"run_id|run_?name", re.IGNORECASE)
_BY_NAME = lazy_pattern(r"\bname`?\s*=", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class OnePage:
    """A search whose result is used at ``use`` as if it were the whole answer."""

    call: MlflowCall
    use: ast.expr

    @property
    def size(self) -> int:
        """How many it gives at most."""
        return PAGE_SIZES[self.call.api]


def find_single_pages(file: FileCalls) -> Iterator[OnePage]:
    """Those in one file; none in tests, which know how many there are."""
    if is_test_path(file.names.path):
        return
    for call in file.calls:
        if call.is_certain and call.kind == "client" and call.api in PAGE_SIZES:
            use = None if _is_limited(call) or _is_for_few(file, call) else _whole_use(file, call)
            if use is not None:
                yield OnePage(call, use)


def _is_limited(call: MlflowCall) -> bool:
    """Whether a limit is meant, or pages are read, or may be."""
    given = {keyword.arg for keyword in call.node.keywords}
    if given & {"page_token", "max_results", None}:
        return True
    if any(isinstance(part, ast.Starred) for part in call.node.args):
        return True
    return len(call.node.args) > _LIMIT_POSITIONS[call.api]


def _is_for_few(file: FileCalls, call: MlflowCall) -> bool:
    """Whether the filter names what is looked for, so that a page holds all there are."""
    node = filter_of(call)
    texts = filter_texts(node, call.scope, file.names) if node is not None else ()
    joined = " ".join(part for text in texts for part in text.parts if isinstance(part, str))
    return bool(_NAMED.search(joined) or (call.api in _UNIQUE and _BY_NAME.search(joined)))


def _whole_use(file: FileCalls, call: MlflowCall) -> ast.expr | None:
    """Where all of the result is gone through, if nothing reads further pages."""
    parent = file.names.parents.get(call.node)
    if _goes_through(file, call.node) or _counts(file, call.node):
        return call.node
    name = (
        parent.targets[0] if isinstance(parent, ast.Assign) and len(parent.targets) == 1 else None
    )
    if not isinstance(name, ast.Name):
        return None
    owner = file.names.scopes.binding_scope(name.id, call.scope)
    if owner is None:
        return None
    uses = [use for use in file.names.scopes.uses_of(name.id, owner) if use.is_read]
    if any(_may_page(file, use) or _is_asked_again(file, use) for use in uses):
        return None
    plain = [use.node for use in uses if not use.chain]
    return next((n for n in plain if _goes_through(file, n) or _counts(file, n)), None)


def _counts(file: FileCalls, node: ast.expr) -> bool:
    """Whether it is counted, and the number is returned, kept, or reckoned with; only to compare or
    to print it, or as an index, needs no more than a page."""
    call = file.names.parents[node]
    if not (isinstance(call, ast.Call) and call_name(call) == "len" and node in call.args):
        return False
    inner: ast.AST = call
    outer = file.names.parents[inner]
    while isinstance(outer, (ast.BinOp, ast.UnaryOp, ast.Dict)):
        inner, outer = outer, file.names.parents[outer]
    return isinstance(outer, (ast.Return, ast.AugAssign)) or isinstance(inner, ast.Dict)


def _goes_through(file: FileCalls, node: ast.expr) -> bool:
    """Whether a loop or the like takes all of it, or all but the first."""
    parent = file.names.parents[node]
    if isinstance(parent, ast.Subscript) and _is_rest(parent.slice):
        return _goes_through(file, parent)
    if isinstance(parent, (ast.For, ast.comprehension)):
        return parent.iter is node
    is_argument = isinstance(parent, ast.Call) and node in parent.args
    return is_argument and call_name(parent) in _WHOLE - {"len", "list"}


def _is_rest(part: ast.expr) -> bool:
    """``[1:]``; not ``[:3]`` or ``[-3:]``, which are only some."""
    return (
        isinstance(part, ast.Slice) and part.upper is None and isinstance(part.lower, ast.Constant)
    )


def _is_asked_again(file: FileCalls, use: Use) -> bool:
    """Whether a loop searches until nothing is found: ``while runs``, or ``if not runs: break``."""
    inner: ast.AST = use.node
    outer = file.names.parents.get(inner)
    is_for_none = False
    while isinstance(outer, (ast.UnaryOp, ast.Compare, ast.BoolOp, ast.Call)):
        is_for_none = is_for_none or _asks_for_none(outer)
        inner, outer = outer, file.names.parents.get(outer)
    if isinstance(outer, ast.If) and inner is outer.test:
        is_last = is_for_none and isinstance(outer.body[-1], (ast.Break, ast.Return))
        loop = file.names.parents.get(outer)
    else:
        is_last = isinstance(outer, ast.While) and inner is outer.test and not is_for_none
        loop = outer
    return is_last and isinstance(loop, ast.While) and _searches(file, loop, use.name)


def _asks_for_none(node: ast.expr) -> bool:
    """``not runs``, ``len(runs) == 0``"""
    if isinstance(node, ast.Compare):
        return isinstance(node.ops[0], ast.Eq)
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _searches(file: FileCalls, loop: ast.While, name: str) -> bool:
    """Whether a loop gives a name what it finds."""
    assignments = (node for node in ast.walk(loop) if isinstance(node, ast.Assign))
    return any(
        isinstance(target, ast.Name) and target.id == name and node.value in file.by_node
        for node in assignments
        for target in node.targets
    )


def _may_page(file: FileCalls, use: Use) -> bool:
    """Whether the result may be paged by whom it is given to."""
    if use.chain:
        return use.attributes[0] in _TOKENS or use.attributes[0] == "to_list"
    parent = file.names.parents[use.node]
    if isinstance(parent, ast.Call):
        return call_name(parent) not in _WHOLE | {"print", "bool", "enumerate", "str", "any"}
    return isinstance(parent, (ast.Return, ast.Yield, ast.Attribute, ast.Assign, ast.keyword))
