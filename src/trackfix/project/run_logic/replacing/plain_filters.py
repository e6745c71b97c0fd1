"""Filters that ask for tags, a status or a name by ``=``, all of which must hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from trackfix.project.facts.expressions import last_call_name, string_value
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.source.patterns import lazy_pattern

# A hole of an f-string.
_HOLE = "\0"
_CONDITION = lazy_pattern(
    r"\s*(?:tags?\.(?:`(?P<a>[^`]+)`|\"(?P<b>[^\"]+)\"|(?P<c>[\w.]+|\0))"
    r"|(?:(?:attributes?|attr|run)\.)?(?P<field>status|run_name|`run_name`))\s*=\s*"
    r"(?:'(?P<d>[^'\"\0]*|\0)'|\"(?P<e>[^'\"\0]*|\0)\")\s*"
)
_AND = lazy_pattern(r"and\b", re.IGNORECASE)


class Condition(NamedTuple):
    """What a filter asks for: ``what`` is ``tag KEY``, ``status`` or ``run_name``, and ``quote`` is
    what stands around a value that is no literal."""

    what: str
    value: ast.expr
    quote: str


def conditions_of(node: ast.expr, constant: Callable[[ast.expr], str]) -> tuple[Condition, ...]:
    """The conditions of a filter; ``constant`` tells the text of a key, if it is one.

    Raises:
        NotPlain: it is put together in another way, or asks for something else.
    """
    text, holes = _template(node)
    found = tuple(_read(text, iter(holes), constant))
    if len({condition.what for condition in found}) < len(found):
        raise NotPlain("its filter asks for one thing twice")
    return found


def _template(node: ast.expr) -> tuple[str, list[ast.expr]]:
    """The text of a filter with a mark for each hole, and what fills them."""
    text = ""
    holes: list[ast.expr] = []
    for part in _parts(node):
        if isinstance(part, str):
            text += part
        else:
            holes.append(part)
            text += _HOLE
    if text.count(_HOLE) > len(holes):
        raise NotPlain("its filter is made elsewhere")
    return text, holes


def _parts(node: ast.expr) -> Iterator[str | ast.expr]:
    """The texts of a filter, and what stands between them."""
    literal = string_value(node)
    if literal is not None:
        yield literal
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if not isinstance(part, ast.FormattedValue):
                yield string_value(part) or ""
            elif part.conversion != -1 or part.format_spec is not None:
                raise NotPlain("its filter formats a value")
            else:
                yield part.value
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(node.left)
        yield from _parts(node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        texts = (string_value(node.left) or "").split("%s")
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        yield from _mixed(texts, values)
    elif isinstance(node, ast.Call) and last_call_name(node) == "format" and not node.keywords:
        assert isinstance(node.func, ast.Attribute)
        yield from _mixed((string_value(node.func.value) or "").split("{}"), node.args)
    else:  # whatever a sum takes would have to be a text
        raise NotPlain("its filter is made elsewhere")


def _mixed(texts: list[str], values: list[ast.expr]) -> Iterator[str | ast.expr]:
    """Texts, and the values between them."""
    if len(texts) != len(values) + 1 or any(set("%{}") & set(text) for text in texts):
        raise NotPlain("its filter formats a value")
    for text, value in zip(texts, values, strict=False):
        yield text
        yield value
    yield texts[-1]


def _read(
    text: str, holes: Iterator[ast.expr], constant: Callable[[ast.expr], str]
) -> Iterator[Condition]:
    place = 0
    while text[place:].strip():
        found = _CONDITION.match(text, place)
        if found is None:
            raise NotPlain("its filter asks for more than tags, a status and a name")
        key = found["a"] or found["b"] or found["c"]
        if key is not None and _HOLE in key:
            if key != _HOLE:
                raise NotPlain("its filter puts a key together")
            key = constant(next(holes))
            if not key:
                raise NotPlain("the key of its tag is not known")
        value = found["d"] if found["d"] is not None else found["e"]
        is_hole = value == _HOLE
        quote = "'" if found["d"] is not None else '"'
        what = f"tag {key}" if key is not None else found["field"].strip("`")
        yield Condition(
            what, next(holes) if is_hole else ast.Constant(value), quote if is_hole else ""
        )
        place = found.end()
        if text[place:]:
            joint = _AND.match(text, place)
            if joint is None or not text[joint.end() :].strip():
                raise NotPlain("its filter asks for more than tags, a status and a name")
            place = joint.end()
