"""Parameters that are nested, and would be logged as the text of a dict."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.facts.expressions import call_name, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope, Use
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall
from trackfix.project.test_paths import is_test_path

_READS = frozenset({"get", "items", "keys", "values", "copy"})


@dataclass(frozen=True, eq=False)
class NestedParams:
    """A call of ``log_params``; ``keys`` are those of its dict whose values are dicts."""

    call: MlflowCall
    argument: ast.expr
    keys: tuple[str, ...]


def find_nested_params(file: FileCalls) -> Iterator[NestedParams]:
    """Those in one file; none in tests."""
    if is_test_path(file.names.path):
        return
    for call in file.calls:
        if call.is_certain and (call.kind, call.api) == ("fluent", "log_params"):
            argument = call.argument("params", 0)
            value = _value(argument, call.scope, file.names) if argument is not None else None
            keys = tuple(_nested_keys(value)) if value is not None else ()
            if argument is not None and keys:
                yield NestedParams(call, argument, keys)


def _nested_keys(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        pairs = [(k, v) for k, v in zip(node.keys, node.values, strict=True) if k is not None]
        named = [(string_value(key) or ast.unparse(key), value) for key, value in pairs]
    elif isinstance(node, ast.Call) and call_name(node) == "dict":
        named = [(word.arg, word.value) for word in node.keywords if word.arg is not None]
    else:
        return
    for name, value in named:
        is_literal = isinstance(value, ast.Dict) and bool(value.keys)
        is_built = isinstance(value, ast.Call) and call_name(value) == "dict" and value.keywords
        if is_literal or is_built or isinstance(value, ast.DictComp):
            yield name


def _value(node: ast.expr, scope: Scope, names: FileNames) -> ast.expr | None:
    """The dict that an expression is; that of a name if it is bound once and never changed."""
    if not isinstance(node, ast.Name):
        return node
    owner = names.scopes.binding_scope(node.id, scope)
    nodes = owner.bindings.get(node.id, []) if owner is not None else []
    parent = names.parents.get(nodes[0]) if len(nodes) == 1 else None
    if owner is None or not isinstance(parent, (ast.Assign, ast.AnnAssign)):
        return None
    uses = names.scopes.uses_of(node.id, owner)
    return None if any(_may_change(use, names) for use in uses) else parent.value


def _may_change(use: Use, names: FileNames) -> bool:
    """Whether a use of a dict may change it: a method, a subscript that is set, another call."""
    if use.chain:
        return use.attributes[0] not in _READS
    parent = names.parents.get(use.node)
    if isinstance(parent, ast.Subscript):
        return not isinstance(parent.ctx, ast.Load)
    return isinstance(parent, ast.AugAssign)
