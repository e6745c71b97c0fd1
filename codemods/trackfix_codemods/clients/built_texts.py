"""Texts that a file puts together of constants: ``f"{MODULE}.name"``, ``MODULE + ".name"``."""

from __future__ import annotations

import ast

from trackfix.project.facts.expressions import string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope
from trackfix.project.references.built_names import built_pattern, template_pattern


def whole_of(names: FileNames, part: ast.expr) -> ast.expr:
    """The expression that puts a text together of this part and others; itself if none does."""
    whole = part
    parent = names.parents.get(whole)
    while isinstance(parent, (ast.JoinedStr, ast.FormattedValue, ast.BinOp)):
        whole, parent = parent, names.parents.get(parent)
    return whole


def may_be(names: FileNames, part: ast.Constant, module: str, name: str = "") -> bool:
    """Whether a text that is put together of this part and others, now or where it is used, may be
    the dotted name of a module or of what is in it, and a piece of the module's own name is
    written: ``f"pkg.step_{number}.name"``, ``"pkg.step_%d.name"``."""
    whole = whole_of(names, part)
    if whole is part:
        pattern = template_pattern(str(part.value))
    else:
        pattern = built_pattern(whole, names.document, names.meanings.project)
    match = pattern.fullmatch(f"{module}.{name}" if name else module)
    last = module.rpartition(".")[2]
    return match is not None and all(last not in gap.split(".") for gap in match.groups(""))


def text_of(names: FileNames, node: ast.expr) -> str | None:
    """The text that an expression gives; None when that is not known."""
    if isinstance(node, ast.Constant):
        return string_value(node)
    if isinstance(node, ast.JoinedStr):
        return _joined([text_of(names, value) for value in node.values])
    if isinstance(node, ast.FormattedValue):
        is_plain = node.conversion == -1 and node.format_spec is None
        return text_of(names, node.value) if is_plain else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _joined([text_of(names, node.left), text_of(names, node.right)])
    scope = names.scope_at(node)
    if isinstance(node, ast.Attribute) and node.attr == "__name__":
        found = names.of(node.value, scope)
        return found.module if found is not None and not found.name and found.module else None
    return _constant(names, node, scope) if isinstance(node, ast.Name) else None


def _constant(names: FileNames, node: ast.Name, scope: Scope) -> str | None:
    """The text of a name of the module that is bound once."""
    owner = names.scopes.binding_scope(node.id, scope)
    bound = owner.bindings[node.id] if owner is names.scopes.module else []
    assignment = names.parents.get(bound[0]) if len(bound) == 1 else None
    if not isinstance(assignment, ast.Assign) or bound[0] not in assignment.targets:
        return None
    is_rebound = any(other.elsewhere.get(node.id) for other in names.scopes.all)
    return None if is_rebound else string_value(assignment.value)


def _joined(parts: list[str | None]) -> str | None:
    known = [part for part in parts if part is not None]
    return "".join(known) if len(known) == len(parts) else None
