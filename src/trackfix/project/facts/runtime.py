"""Names and modules that a module makes while it runs, other than by plain statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.facts.expressions import call_name, dotted, keyword_value, string_value

_NAMESPACES = ("globals", "vars")
MODULE_TABLES = ("sys.modules", "modules")
# What tells the package of a file, or a package its own name.
_OWN_PACKAGE = ("__package__", "__spec__.parent", "__name__")
_READERS = ("dict", "eval", "list", "set", "sorted", "tuple")


def sets_names(node: ast.AST) -> bool:
    """Whether ``node`` binds names of the module that only a run would tell.

    That is ``globals()[n] = ...``, ``globals().update(...)`` and ``setattr`` on the module.
    """
    return any(sets_names_itself(part) for part in ast.walk(node))


def literal_globals(node: ast.AST) -> Iterator[str]:
    """The names that ``globals()["name"] = ...`` binds anywhere below ``node``."""
    for part in ast.walk(node):
        if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
            name = string_value(part.slice)
            if name is not None and _is_namespace(part.value):
                yield name


def hands_on_globals(call: ast.Call) -> bool:
    """Whether ``call`` gives the module's names to a function, which may add some."""
    if call_name(call) in _READERS:
        return False
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(_is_namespace(value) or is_own_module(value) for value in given)


def sets_names_itself(node: ast.AST) -> bool:
    """The same for one node without those below it."""
    if isinstance(node, ast.Subscript):
        is_store = isinstance(node.ctx, ast.Store) and string_value(node.slice) is None
        return is_store and _is_namespace(node.value)
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr in ("update", "setdefault") and _is_namespace(function.value)
    return (
        call_name(node) == "setattr"
        and len(node.args) == 3
        and is_own_module(node.args[0])
        and string_value(node.args[1]) is None
    )


def _is_namespace(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return call_name(node) in _NAMESPACES and not node.args
    return isinstance(node, ast.Attribute) and node.attr == "__dict__" and is_own_module(node.value)


def is_own_module(node: ast.expr) -> bool:
    """Whether ``node`` is ``sys.modules[__name__]``."""
    return (
        isinstance(node, ast.Subscript)
        and (dotted(node.value) or "").rpartition(".")[2] == "modules"
        and isinstance(node.slice, ast.Name)
        and node.slice.id == "__name__"
    )


def made_module(value: ast.expr | None) -> str | None:
    """``ModuleType("old.name")`` -> ``old.name``."""
    if (call_name(value) or "").rpartition(".")[2] != "ModuleType":
        return None
    assert isinstance(value, ast.Call)
    return string_value(value.args[0]) if value.args else None


def imported_module(node: ast.AST | None) -> str | None:
    """``importlib.import_module("home")`` -> ``home``; a literal only."""
    name = call_name(node)
    if name is None or not isinstance(node, ast.Call) or not node.args:
        return None
    last = name.rpartition(".")[2]
    module = string_value(node.args[0])
    if module is None or last not in ("import_module", "__import__"):
        return None
    if last == "__import__":
        is_whole = len(node.args) > 3 or keyword_value(node, "fromlist") is not None
        return module if is_whole else module.partition(".")[0]
    anchor = node.args[1] if len(node.args) > 1 else keyword_value(node, "package")
    if anchor is None or not module.startswith(".") or dotted(anchor) in _OWN_PACKAGE:
        return module
    package = string_value(anchor)
    return f"{package}{module}" if package and not module.startswith("..") else None


def module_of_string(value: ast.expr | None) -> str | None:
    """The module that a string names where it is taken: ``import_module("home")``,
    ``sys.modules["home"]``."""
    if isinstance(value, ast.Subscript) and dotted(value.value) in MODULE_TABLES:
        return string_value(value.slice)
    return imported_module(value)
