"""The version of a registered model that an expression is: the newest one, or the one with an alias
or in a stage."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from trackfix.project.facts.expressions import (
    call_name,
    dotted,
    is_none,
    keyword_value,
    last_name,
)
from trackfix.project.run_logic.fragments import Term
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE
from trackfix.project.run_logic.values.tag_keys import called_here, key_of
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern

# What is asked of a registered model, by the kind of the term.
BY_MODEL = frozenset({"alias", "stage", "version"})
_NEWEST = Term("version", "newest")
_DEEPEST = 6
# Where the greatest one of a list is, behind what sorts it or takes it out.
_GREATEST_AT = {"max": "", "sorted": "-1"}
_LISTS_VERSIONS = lazy_pattern(r"(?:^|_)versions$")
_BY_NUMBER = lazy_pattern(r"\bversion\b|version_number")


class Version(NamedTuple):
    """A version of a model, what it is asked for by, and where."""

    term: Term
    call: ast.Call
    body: Body


def held_at(
    node: ast.expr, body: Body, line: int = 0, hows: Collection[str] = ("value",)
) -> list[ast.expr]:
    """What a name may hold at a line, else where it stands; of anything else the same."""
    held = body.held(dotted(node) or "", line or node.lineno)
    return [part.value for part in held if part.how in hows] or [node]


def versions(node: ast.expr, body: Body, depth: int = 0) -> Iterator[Version | None]:
    """The versions of models that an expression may be; None for one that may be any."""
    # A loop goes through the only version of a stage, too.
    for part in held_at(node, body, hows=("value", "each")) if depth < _DEEPEST else ():
        chosen = _chosen(part, body)
        there = called_here(part, body) if isinstance(part, ast.Call) else None
        if isinstance(part, (ast.IfExp, ast.BoolOp)):
            parts = [part.body, part.orelse] if isinstance(part, ast.IfExp) else part.values
            for each in parts:
                yield from versions(each, body, depth + 1)
        elif chosen is not None:
            yield chosen
        elif isinstance(part, ast.Subscript) or (part is not node and isinstance(part, ast.Name)):
            inner = part.value if isinstance(part, ast.Subscript) else part
            yield from versions(inner, body, depth + 1)
        elif there is not None:
            for returned in there.of(ast.Return):
                if returned.value is not None:
                    yield from versions(returned.value, there, depth + 1)
        elif not is_none(part):
            term = _asked(part, body) if isinstance(part, ast.Call) else None
            yield Version(term, part, body) if term and isinstance(part, ast.Call) else None


def _chosen(node: ast.expr, body: Body) -> Version | None:
    """The version that code takes out of a list of them: the one with the greatest number by
    ``max(versions, key=lambda v: int(v.version))``, by ``sorted(...)[-1]``, or by a search whose
    ``[0]`` has it; or the first one in a stage."""
    taken = ast.unparse(node.slice) if isinstance(node, ast.Subscript) else ""
    made = held_at(node.value, body)[0] if isinstance(node, ast.Subscript) else node
    if isinstance(made, ast.ListComp) and taken in ("0", "-1"):
        return _listed([made], body, _in_stage(made, body))
    if not isinstance(made, ast.Call):
        return None
    name, order = last_name(made.func), keyword_value(made, "order_by")
    if name == "next":
        return _listed(made.args[:1], body, _in_stage(made.args[0], body)) if made.args else None
    if taken and order is not None:
        text = text_of(order, body, made.lineno)
        is_first = taken == "0" and "DESC" in text.upper() and _is_by_number(text)
        is_newest = is_first and _LISTS_VERSIONS.search(name)
        return Version(_NEWEST, made, body) if is_newest else None
    is_reversed = getattr(keyword_value(made, "reverse"), "value", False) is True
    is_greatest = taken == ("0" if is_reversed else _GREATEST_AT.get(name))
    key = keyword_value(made, "key")
    if not (is_greatest and key is not None and made.args and _is_by_number(ast.unparse(key))):
        return None
    # The same name may be bound again there.
    found = held_at(made.args[0], body, made.lineno - 1)
    term = _in_stage(found[0], body) if _tests(found[0]) else _NEWEST
    return _listed(found, body, term)


def _listed(made: Sequence[ast.expr], body: Body, term: Term | None) -> Version | None:
    """The version with ``term`` of those that a list is made from."""
    used = [n for part in made for n in ast.walk(part) if isinstance(n, (ast.Call, ast.Name))]
    for node in (each for name in used for each in held_at(name, body)):
        if isinstance(node, ast.Call) and _LISTS_VERSIONS.search(last_name(node.func)):
            return Version(term, node, body) if term is not None else None
    return None


def _in_stage(node: ast.expr, body: Body) -> Term | None:
    """The stage that all versions of a comprehension are asked to be in, and nothing else."""
    tests = _tests(node)
    test = tests[0] if len(tests) == 1 else None
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return None
    sides = (test.left, test.comparators[0])
    others = [s for s in sides if not (isinstance(s, ast.Attribute) and s.attr == "current_stage")]
    return Term("stage", _key("stage", others[0], body)) if len(others) == 1 else None


def _tests(node: ast.expr) -> list[ast.expr]:
    loops = node.generators if isinstance(node, (ast.ListComp, ast.GeneratorExp)) else []
    return [test for loop in loops for test in loop.ifs]


def _is_by_number(text: str) -> bool:
    return _BY_NUMBER.search(text) is not None


def _asked(call: ast.Call, body: Body) -> Term | None:
    """How a call asks for a version of a model: by what, and of which model, if that is told."""
    name = last_name(call.func)
    asked: ast.expr | None = None
    kind = "alias"
    if name == "get_model_version_by_alias":
        asked = argument(call, "alias", 1)
    elif name == "get_model_version":
        number = argument(call, "version", 1)
        asked = _alias(held_at(number, body)[0]) if number is not None else None
    elif name == "get_latest_versions":
        stages = argument(call, "stages", 1)
        only = getattr(stages, "elts", [stages])
        kind, asked = "stage", only[0] if len(only) == 1 else None
    if asked is None:
        return None
    model = text_of(argument(call, "name", 0), body, call.lineno)
    return Term(kind, _key(kind, asked, body), "" if HOLE.search(model) else model)


def _alias(node: ast.expr) -> ast.expr | None:
    """The alias whose number is taken from those of a registered model: ``model.aliases["live"]``
    or ``model.aliases.get("live")``."""
    if isinstance(node, ast.Subscript):
        return node.slice if last_name(node.value) == "aliases" else None
    is_got = isinstance(node, ast.Call) and (call_name(node) or "").endswith("aliases.get")
    return node.args[0] if isinstance(node, ast.Call) and is_got and node.args else None


def _key(kind: str, asked: ast.expr, body: Body) -> str:
    """What is asked for; what the caller chooses is the same whatever it is called: ``alias``,
    ``config.label``."""
    key = key_of(asked, body)
    return f"<:{kind}>" if key.startswith("<:") else key


def argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    """What a call gives for a parameter."""
    return keyword_value(call, name) or (call.args[place] if len(call.args) > place else None)
