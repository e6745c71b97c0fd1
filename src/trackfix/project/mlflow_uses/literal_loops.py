"""What loops give their variables, where all that they go through is written in the file."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import zip_longest

from trackfix.project.facts.expressions import dotted, last_name
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope

_SAME_ELEMENTS = frozenset({"list", "reversed", "set", "sorted", "tuple"})
_VIEWS = frozenset({"items", "keys", "values"})


def looped_values(binding: ast.AST, scope: Scope, names: FileNames) -> list[ast.expr] | None:
    """The expressions that a loop may give the name at ``binding``; None if the file doesn't tell,
    or if it is no name of a loop."""
    outer = names.parents.get(binding)
    while isinstance(outer, (ast.Tuple, ast.List)):
        outer = names.parents.get(outer)
    if not isinstance(outer, (ast.For, ast.comprehension)):
        return None
    elements = _elements(outer.iter, scope, names)
    return None if elements is None else _unpacked(outer.target, binding, elements)


def _unpacked(
    target: ast.expr, binding: ast.AST, elements: list[ast.expr]
) -> list[ast.expr] | None:
    """What ``binding``, which is a ``target`` or a part of it, gets of some elements."""
    if target is binding:
        return elements
    for place, part in enumerate(getattr(target, "elts", ())):
        if binding in ast.walk(part):
            inner = [
                _part(element, place, len(getattr(target, "elts", ()))) for element in elements
            ]
            known = [element for element in inner if element is not None]
            return _unpacked(part, binding, known) if len(known) == len(inner) else None
    return None


def _part(element: ast.expr, place: int, count: int) -> ast.expr | None:
    is_row = isinstance(element, (ast.Tuple, ast.List)) and len(element.elts) == count
    return element.elts[place] if is_row and isinstance(element, (ast.Tuple, ast.List)) else None


def _elements(node: ast.expr, scope: Scope, names: FileNames) -> list[ast.expr] | None:
    """What a loop over an expression goes through."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return node.elts
    if isinstance(node, ast.Dict):
        return _rows([node.keys])
    if isinstance(node, ast.Name):
        value = _constant(node, scope, names)
        return None if value is None else _elements(value, scope, names)
    return _called_elements(node, scope, names) if isinstance(node, ast.Call) else None


def _called_elements(node: ast.Call, scope: Scope, names: FileNames) -> list[ast.expr] | None:
    """``range(3)``, ``enumerate(STAGES)``, ``zip(STAGES, MODELS)``, ``MODELS.items()``"""
    if dotted(node.func) == "range":
        return [ast.Constant(0)]
    if isinstance(node.func, ast.Attribute) and node.func.attr in _VIEWS:
        mapping: ast.expr | None = node.func.value
        if isinstance(mapping, ast.Name):
            mapping = _constant(mapping, scope, names)
        if not isinstance(mapping, ast.Dict):
            return None
        columns: list[Sequence[ast.expr | None]] = []
        if node.func.attr != "values":
            columns.append(mapping.keys)
        if node.func.attr != "keys":
            columns.append(mapping.values)
        return _rows(columns)
    name = last_name(node.func)
    columns_given = [_elements(part, scope, names) for part in node.args]
    known = [column for column in columns_given if column is not None]
    if not node.args or len(known) < len(columns_given):
        return None
    if name == "enumerate":
        return _rows([[ast.Constant(0)] * len(known[0]), known[0]])
    if name == "zip":
        return _rows(known)
    return known[0] if name in _SAME_ELEMENTS else None


def _rows(columns: Sequence[Sequence[ast.expr | None]]) -> list[ast.expr] | None:
    """The elements of some columns side by side; None if one is ``**other``."""
    rows: list[ast.expr] = []
    for row in zip_longest(*columns, fillvalue=ast.Constant(0)):
        known = [part for part in row if part is not None]
        if len(known) < len(row):
            return None
        rows.append(known[0] if len(row) == 1 else ast.Tuple(known))
    return rows


def _constant(node: ast.Name, scope: Scope, names: FileNames) -> ast.expr | None:
    """The literal that a name is bound to, if that is once and nothing adds to it. An empty one is
    there to be filled."""
    owner = names.scopes.binding_scope(node.id, scope)
    bound = owner.bindings.get(node.id, []) if owner is not None else []
    parent = names.parents.get(bound[0]) if len(bound) == 1 else None
    if owner is None or not isinstance(parent, (ast.Assign, ast.AnnAssign)):
        return None
    for use in names.scopes.uses_of(node.id, owner):
        part = names.parents.get(use.node)
        is_set = isinstance(part, ast.Subscript) and not isinstance(part.ctx, ast.Load)
        if is_set or (use.attributes and use.attributes[0] not in _VIEWS):
            return None
    if isinstance(parent.value, ast.Dict):
        return parent.value if parent.value.keys else None
    is_filled = isinstance(parent.value, (ast.List, ast.Tuple, ast.Set)) and parent.value.elts
    return parent.value if is_filled else None
