"""Which names a test replaces in a module object that it takes from somewhere."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from trackfix.project.facts.expressions import call_name, keyword_value, string_value
from trackfix.project.meaning.scopes import Scopes
from trackfix.project.references.string_contexts import PATCH_OPTIONS

Names = frozenset[str]
# What does nothing to a module that it is given.
ONLY_READ = frozenset(
    {
        "getattr",
        "hasattr",
        "dir",
        "id",
        "repr",
        "str",
        "print",
        "len",
        "isinstance",
        "reload",
        "getmembers",
        "getsource",
        "getfile",
        "getdoc",
        "assertIs",
        "assertIsNot",
        "assertTrue",
    }
)
_SHOWS = frozenset({"print", "repr", "str", "id", "type", "dir", "help", "display"})
_NONE: Names = frozenset()
# With the name as the second argument; ``object`` is that of ``mock.patch``.
_WITH_NAME = frozenset({"object", "setattr", "delattr", "setitem", "delitem"})
_CHANGES_DICTIONARY = frozenset({"clear", "pop", "popitem", "setdefault", "update"})
# What these calls take by keywords besides the names that they replace.
# https://docs.python.org/3/library/unittest.mock.html#patch-dict
_OPTIONS = {"multiple": PATCH_OPTIONS, "dict": frozenset({"values", "clear"})}


def replaced_names(
    module: ast.AST, parents: Mapping[ast.AST, ast.AST], scopes: Scopes
) -> Names | None:
    """The names that are replaced in what an expression gives: a module, or the dictionary of one.
    None if any may be, as where it is handed on."""
    parent = parents.get(module)
    if isinstance(parent, ast.Attribute):
        return _through_attribute(parent, parents, scopes)
    if isinstance(parent, ast.Subscript):  # vars(module)["name"]
        return _NONE if isinstance(parent.ctx, ast.Load) else _literal(parent.slice)
    if isinstance(parent, ast.Call):
        return _in_call(module, parent, parents, scopes)
    if isinstance(parent, ast.Assign):
        return _by_name(parent.targets, scopes, parents)
    is_asked = isinstance(parent, (ast.Assert, ast.BoolOp, ast.Compare, ast.UnaryOp))
    return _NONE if is_asked or is_shown(parent) else None


def _through_attribute(
    attribute: ast.Attribute, parents: Mapping[ast.AST, ast.AST], scopes: Scopes
) -> Names | None:
    if not isinstance(attribute.ctx, ast.Load):
        return frozenset({attribute.attr})
    if attribute.attr == "__dict__":
        return replaced_names(attribute, parents, scopes)
    return None if attribute.attr in _CHANGES_DICTIONARY else _NONE


def _in_call(
    module: ast.AST, call: ast.Call, parents: Mapping[ast.AST, ast.AST], scopes: Scopes
) -> Names | None:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else call_name(call) or ""
    if name == "vars":
        return replaced_names(call, parents, scopes)
    if name in ONLY_READ:
        return _NONE
    if call.args[:1] != [module]:
        return None
    if name in _WITH_NAME and len(call.args) > 1:
        return _literal(call.args[1])
    if name not in _OPTIONS:
        return None
    found = {keyword.arg for keyword in call.keywords} - _OPTIONS[name]
    for given in filter(None, (*call.args[1:2], keyword_value(call, "values"))):
        found |= (
            {string_value(key) for key in given.keys} if isinstance(given, ast.Dict) else {None}
        )
    return None if None in found else frozenset(name for name in found if name)


def _by_name(
    targets: list[ast.expr], scopes: Scopes, parents: Mapping[ast.AST, ast.AST]
) -> Names | None:
    found: set[str] = set()
    for target in targets:
        if not isinstance(target, ast.Name):
            return None
        scope = next((s for s in scopes.all if target in s.bindings.get(target.id, ())), None)
        for use in scopes.uses_of(target.id, scope) if scope is not None else ():
            names = replaced_names(use.node, parents, scopes)
            if names is None:
                return None
            found |= names
    return frozenset(found)


def _literal(node: ast.expr) -> Names | None:
    name = string_value(node)
    return frozenset({name}) if name else None


def is_shown(parent: ast.AST | None) -> bool:
    """Whether what stands in ``parent`` is only turned into text."""
    return isinstance(parent, (ast.Expr, ast.FormattedValue)) or call_name(parent) in _SHOWS
