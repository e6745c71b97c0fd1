"""Which categories of warnings some code gives, and which ones a test expects."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from trackfix.project.facts.expressions import call_name, dotted

# Names of Python's own categories; None where it may be any.
Categories = frozenset[str] | None

_BUILTIN = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Warning)
}
# https://docs.pytest.org/en/stable/reference/reference.html#pytest.deprecated_call
_DEPRECATED = frozenset({"DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"})
_PLAIN = frozenset({"warnings", "warnings.warn", "warn"})
_WARNS = frozenset({"warns", "assertWarns", "assertWarnsRegex"})


def expected_categories(node: ast.AST) -> Categories:
    """Those that a ``with`` block or a call expects."""
    if isinstance(node, (ast.With, ast.AsyncWith)):
        found = [expected_categories(item.context_expr) for item in node.items]
        about = [one for one, item in zip(found, node.items, strict=True) if _says_warn(item)]
        return _together(about)
    name = (call_name(node) or "").rpartition(".")[2]
    if name == "deprecated_call":
        return _DEPRECATED
    if name not in _WARNS or not isinstance(node, ast.Call) or not node.args:
        return None
    given = node.args[0]
    return _together(map(_named, given.elts if isinstance(given, ast.Tuple) else [given]))


def emitted_categories(tree: ast.Module) -> Categories:
    """Those that the code of a module may give when its names are looked up."""
    found: list[Categories] = []
    own = {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
    for node in ast.walk(tree):
        said = dotted(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
        if isinstance(node, ast.Call) and call_name(node) in ("warnings.warn", "warn"):
            found.append(_given(node))
        last = (said or "").rpartition(".")[2]
        is_known = said in _PLAIN or last in own or last in _BUILTIN
        if _is_about_warnings(last) and not is_known:
            return None
    return _together(found) if found else None


def may_match(expected: Categories, emitted: Categories) -> bool:
    """Whether a warning of one of the ``emitted`` categories may be one of those ``expected``."""
    if expected is None or emitted is None:
        return True
    return any(issubclass(_BUILTIN[one], _BUILTIN[other]) for one in emitted for other in expected)


def _together(found: Iterable[Categories]) -> Categories:
    names: frozenset[str] = frozenset()
    for one in found:
        if one is None:
            return None
        names |= one
    return names


def _says_warn(item: ast.withitem) -> bool:
    return _is_about_warnings(call_name(item.context_expr) or "")


def _is_about_warnings(name: str) -> bool:
    return "warn" in name.lower() or "deprecat" in name.lower()


def _given(call: ast.Call) -> Categories:
    """The category of ``warn(message, category)``; a message may be a warning itself."""
    given = [k.value for k in call.keywords if k.arg == "category"] or call.args[1:2]
    if given:
        return _named(given[0])
    message = call.args[0] if call.args else None
    if isinstance(message, (ast.Constant, ast.JoinedStr, ast.BinOp)):
        return frozenset({"UserWarning"})
    return _named(message.func) if isinstance(message, ast.Call) else None


def _named(node: ast.expr) -> Categories:
    name = (dotted(node) or "").removeprefix("builtins.")
    return frozenset({name}) if name in _BUILTIN else None
