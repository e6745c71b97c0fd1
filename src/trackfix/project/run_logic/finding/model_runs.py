"""Runs that made a registered model: the one behind its newest version, or one with an alias, or in
a stage."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from trackfix.project.facts.expressions import dotted, is_none, keyword_value, last_name
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.tag_keys import called_here, key_of
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern

# What is asked of a registered model, by the kind of the term.
BY_MODEL = frozenset({"alias", "stage", "version"})
_TOLD = {
    "alias": "the version of a model by its alias",
    "stage": "the version of a model by its stage",
    "version": "the newest version of a model",
}
_DEEPEST = 6
# Where the greatest one of a list is, behind what sorts it or takes it out.
_GREATEST_AT = {"max": "", "sorted": "-1"}
_LISTS_VERSIONS = lazy_pattern(r"(?:^|_)versions$")
_BY_NUMBER = lazy_pattern(r"\bversion\b|version_number")


class _Version(NamedTuple):
    """A version of a model, what it is asked for by, and where."""

    term: Term
    call: ast.Call
    body: Body


def find_model_runs(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The runs that a function gets by the version of a model."""
    for call, name in calls:
        given = _argument(call, "run_id", 0) if name == "get_run" else None
        held = [part for part in _held(given, body) if not is_none(part)] if given else []
        owners = [_owner_of_run_id(part) for part in held]
        asked = [each for owner in owners for each in _versions(owner, body)]
        found = [each for each in asked if each is not None]
        if not found or len(found) < len(asked):
            continue
        line = body.file.line
        steps = [Step(line(call), "get_run(its run_id)")]
        # Where another function asks for a version, the step is one of that function.
        steps += (Step(line(v.call), _TOLD[v.term.kind]) for v in found if v.body is body)
        piece = piece_at(found[0].call if found[0].body is body else call, body, "find-run", steps)
        terms = tuple(sorted({version.term for version in found}))
        yield piece._replace(line=piece.first, terms=terms, limit="one", taken="run")


def _owner_of_run_id(node: ast.expr) -> ast.expr:
    """The version whose run an expression names; else the same, which is no version."""
    return node.value if isinstance(node, ast.Attribute) and node.attr == "run_id" else node


def _held(
    node: ast.expr, body: Body, line: int = 0, hows: Collection[str] = ("value",)
) -> list[ast.expr]:
    """What a name may hold at a line, else where it stands; of anything else the same."""
    held = body.held(dotted(node) or "", line or node.lineno)
    return [part.value for part in held if part.how in hows] or [node]


def _versions(node: ast.expr, body: Body, depth: int = 0) -> Iterator[_Version | None]:
    """The versions of models that an expression may be; None for one that may be any."""
    # A loop goes through the only version of a stage, too.
    for part in _held(node, body, hows=("value", "each")) if depth < _DEEPEST else ():
        newest = _newest(part, body)
        there = called_here(part, body) if isinstance(part, ast.Call) else None
        if isinstance(part, (ast.IfExp, ast.BoolOp)):
            parts = [part.body, part.orelse] if isinstance(part, ast.IfExp) else part.values
            for each in parts:
                yield from _versions(each, body, depth + 1)
        elif newest is not None:
            yield _Version(Term("version", "newest"), newest, body)
        elif isinstance(part, ast.Subscript) or (part is not node and isinstance(part, ast.Name)):
            inner = part.value if isinstance(part, ast.Subscript) else part
            yield from _versions(inner, body, depth + 1)
        elif there is not None:
            for returned in there.of(ast.Return):
                if returned.value is not None:
                    yield from _versions(returned.value, there, depth + 1)
        elif not is_none(part):
            term = _asked(part, body) if isinstance(part, ast.Call) else None
            yield _Version(term, part, body) if term and isinstance(part, ast.Call) else None


def _newest(node: ast.expr, body: Body) -> ast.Call | None:
    """The call that puts the newest version where it is taken from: that of
    ``max(versions, key=lambda v: int(v.version))``, of ``sorted(...)[-1]``, or of a search whose
    ``[0]`` has the greatest number."""
    taken = ast.unparse(node.slice) if isinstance(node, ast.Subscript) else ""
    call = _held(node.value, body)[0] if isinstance(node, ast.Subscript) else node
    if not isinstance(call, ast.Call):
        return None
    name, order = last_name(call.func), keyword_value(call, "order_by")
    if taken and order is not None:
        text = text_of(order, body, call.lineno)
        is_first = taken == "0" and "DESC" in text.upper() and _is_by_number(text)
        return call if is_first and _LISTS_VERSIONS.search(name) else None
    is_reversed = getattr(keyword_value(call, "reverse"), "value", False) is True
    is_greatest = taken == ("0" if is_reversed else _GREATEST_AT.get(name))
    key = keyword_value(call, "key")
    if not (is_greatest and key is not None and call.args and _is_by_number(ast.unparse(key))):
        return None
    # The same name may be bound again there.
    listed = _held(call.args[0], body, call.lineno - 1)
    calls = (n for each in listed for n in ast.walk(each) if isinstance(n, ast.Call))
    return call if any(_LISTS_VERSIONS.search(last_name(n.func)) for n in calls) else None


def _is_by_number(text: str) -> bool:
    return _BY_NUMBER.search(text) is not None


def _asked(call: ast.Call, body: Body) -> Term | None:
    """How a call asks for a version of a model: by what, and of which model, if that is told."""
    name = last_name(call.func)
    asked: ast.expr | None = None
    kind = ""
    if name == "get_model_version_by_alias":
        kind, asked = "alias", _argument(call, "alias", 1)
    elif name == "get_latest_versions":
        stages = _argument(call, "stages", 1)
        only = getattr(stages, "elts", [stages])
        kind, asked = "stage", only[0] if len(only) == 1 else None
    if asked is None:
        return None
    model = text_of(_argument(call, "name", 0), body, call.lineno)
    key = key_of(asked, body)
    # What the caller chooses is the same whatever it is called: ``alias``, ``config.label``.
    key = f"<:{kind}>" if key.startswith("<:") else key
    return Term(kind, key, "" if HOLE.search(model) else model)


def _argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    return keyword_value(call, name) or (call.args[place] if len(call.args) > place else None)
