"""The filters that are given to MLflow's searches: their text, and the values put into it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from trackfix.project.facts.expressions import last_name, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope
from trackfix.project.mlflow_uses.calls import MlflowCall
from trackfix.source.patterns import lazy_pattern

# The position of ``filter_string`` in the functions of the module and the methods of the client,
# as mlflow 3.17 has them.
_POSITIONS = {
    ("fluent", "search_runs"): 1,
    ("fluent", "search_experiments"): 2,
    ("fluent", "search_registered_models"): 1,
    ("fluent", "search_model_versions"): 1,
    ("fluent", "search_traces"): 1,
    ("fluent", "search_logged_models"): 1,
    ("client", "search_runs"): 1,
    ("client", "search_experiments"): 2,
    ("client", "search_registered_models"): 0,
    ("client", "search_model_versions"): 0,
    ("client", "search_traces"): 1,
    ("client", "search_logged_models"): 1,
}
SEARCHES = frozenset(api for _, api in _POSITIONS)
_PERCENT = lazy_pattern(r"%(%|s|d|[^%sd])")
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)
_QUOTES = "'\"`"
_LISTS = lazy_pattern(r"\bIN\s*$", re.IGNORECASE)
_OR = lazy_pattern(r"\bOR\b", re.IGNORECASE)


class Value(NamedTuple):
    """A value that is put into a filter; ``quote`` is the kind of quote that it stands between, if
    any, and ``before`` the text that it follows."""

    node: ast.expr
    quote: str
    before: str


class FilterText(NamedTuple):
    """An expression that makes a filter or a part of one. ``parts`` are text and what is put in, in
    the order of the text."""

    node: ast.expr
    parts: tuple[str | ast.expr, ...]

    def values(self) -> Iterator[Value]:
        """What is put in."""
        quote = ""
        for number, part in enumerate(self.parts):
            if isinstance(part, str):
                quote = _state(part, quote)
            else:
                before = self.parts[number - 1] if number else ""
                yield Value(part, quote, before if isinstance(before, str) else "")

    def mistake(self) -> str:
        """What MLflow refuses in the text, or takes for something else; empty for nothing."""
        outside, quote = "", ""
        for part in self.parts:
            if not isinstance(part, str):
                outside += "" if quote else " value "
                continue
            for number, sign in enumerate(part):
                if quote:
                    if sign == quote:
                        quote = ""
                        if (
                            sign != "`"
                            and part[number + 1 : number + 2] == sign
                            and (part[number - 1 : number] != sign)
                        ):
                            return "a doubled quote is no escape: the filter matches nothing"
                elif sign in _QUOTES:
                    quote = sign
                    outside += " "
                elif sign == "(":
                    if not _LISTS.search(outside):
                        return "MLflow refuses parentheses in a filter"
                    outside += sign
                else:
                    outside += sign
        return "MLflow refuses OR in a filter: search once for each" if _OR.search(outside) else ""


def filter_of(call: MlflowCall) -> ast.expr | None:
    """The filter that a search is given."""
    position = _POSITIONS.get((call.kind, call.api))
    return call.argument("filter_string", position) if position is not None else None


def filter_texts(node: ast.expr, scope: Scope, names: FileNames) -> Iterator[FilterText]:
    """The expressions of a file that a filter is made of."""
    return _texts(node, scope, names, set())


def _texts(
    node: ast.expr, scope: Scope, names: FileNames, seen: set[tuple[int, str]]
) -> Iterator[FilterText]:
    parts = _parts(_as_written(node, names))
    if parts is not None:
        yield FilterText(node, tuple(parts))
    elif isinstance(node, ast.Name):
        owner = names.scopes.binding_scope(node.id, scope)
        key = (id(owner), node.id)
        if owner is None or key in seen:
            return
        seen.add(key)
        for value in _given(node.id, owner, names):
            yield from _texts(value, owner, names, seen)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, scope, names, seen)
        yield from _texts(node.orelse, scope, names, seen)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value, scope, names, seen)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for value in node.elts:
            yield from _texts(value, scope, names, seen)
    elif isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        yield from _texts(node.elt, scope, names, seen)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _texts(node.left, scope, names, seen)
        yield from _texts(node.right, scope, names, seen)
    elif isinstance(node, ast.Call) and _is_join(node):
        yield from _texts(node.args[0], scope, names, seen)


def _as_written(node: ast.expr, names: FileNames) -> ast.expr:
    """An f-string by itself, where it stands in the tree as a list, since the interpreter could not
    read another one in the file."""
    if isinstance(node, ast.List):
        start, end = names.document.span(node)
        code = names.document.text[start:end]
        if not code.startswith("["):
            with suppress(SyntaxError):
                return ast.parse(f"({code})", mode="eval").body
            return ast.Constant("")
    return node


def _is_join(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == "join"
        and (string_value(node.func.value) or "").strip().upper() == "AND"
        and len(node.args) == 1
    )


def _given(name: str, owner: Scope, names: FileNames) -> Iterator[ast.expr]:
    """What a name is bound to, and what is added to the list that it is."""
    for node in owner.bindings.get(name, ()):
        parent = names.parents.get(node)
        if isinstance(parent, _ASSIGNMENTS) and parent.value is not None:
            yield parent.value
    for use in names.scopes.uses_of(name, owner):
        call = use.parent
        if use.attributes == ("append",) and isinstance(call, ast.Call) and len(call.args) == 1:
            yield call.args[0]


def _parts(node: ast.expr) -> list[str | ast.expr] | None:
    """The text and values of an expression that makes a string; None for another one."""
    text = string_value(node)
    if text is not None:
        return [text]
    if isinstance(node, ast.JoinedStr):
        return [
            part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else part
            for part in node.values
        ]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _percent_parts(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _parts(node.left), _parts(node.right)
        if left is None and right is None:
            return None
        return _merged([*(left or [node.left]), *(right or [node.right])])
    return _format_parts(node) if isinstance(node, ast.Call) else None


def _merged(parts: list[str | ast.expr]) -> list[str | ast.expr]:
    """Texts side by side as one."""
    found: list[str | ast.expr] = []
    for part in parts:
        if found and isinstance(part, str) and isinstance(last := found[-1], str):
            found[-1] = last + part
        else:
            found.append(part)
    return found


def _percent_parts(node: ast.BinOp) -> list[str | ast.expr] | None:
    """``"tags.a = '%s'" % value``"""
    text = string_value(node.left)
    if text is None:
        return None
    values = list(node.right.elts) if isinstance(node.right, ast.Tuple) else [node.right]
    parts: list[str | ast.expr] = []
    position = 0
    for match in _PERCENT.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        if match[1] == "%":
            parts.append("%")
        elif match[1] == "s" and values:
            parts.append(values.pop(0))
        elif match[1] == "d" and values:
            # `{value:d}`: a whole number, which has no quotes and is not the value's own text.
            number = ast.JoinedStr([ast.Constant("d")])
            parts.append(ast.FormattedValue(values.pop(0), conversion=-1, format_spec=number))
        else:
            return None
    return _merged([*parts, text[position:]]) if not values else None


def _format_parts(node: ast.Call) -> list[str | ast.expr] | None:
    """``"tags.a = '{}'".format(value)``"""
    if not (isinstance(node.func, ast.Attribute) and node.func.attr == "format"):
        return None
    template = string_value(node.func.value)
    if template is None:
        return None
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    parts: list[str | ast.expr] = []
    count = 0
    try:
        for text, field, spec, conversion in string.Formatter().parse(template):
            parts.append(text)
            if field is None:
                continue
            key = field or str(count)
            count += not field
            value = named.get(key)
            if key.isdigit() and int(key) < len(node.args):
                value = node.args[int(key)]
            if value is None or isinstance(value, ast.Starred) or spec or conversion:
                return None
            parts.append(value)
    except ValueError:
        return None
    return _merged(parts)


def _state(text: str, quote: str) -> str:
    """Which kind of quote is open behind a text that begins within ``quote``."""
    for sign in text:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in _QUOTES:
            quote = sign
    return quote


def source_of(value: ast.expr) -> str:
    """A value that is put in, as code; what stands between the braces of an f-string."""
    return ast.unparse(value.value if isinstance(value, ast.FormattedValue) else value)


def escapes(node: ast.expr) -> bool:
    """Whether an expression doubles quotes, as SQL wants it: ``x.replace("'", "''")``."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    return any(
        last_name(call.func) == "replace"
        and len(call.args) == 2
        and (string_value(call.args[0]) or "") in ("'", '"')
        and string_value(call.args[1]) == 2 * (string_value(call.args[0]) or "")
        for call in calls
    )
