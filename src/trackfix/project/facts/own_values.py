"""Whether a ``__getattr__`` gives values that the module makes itself (PEP 562)."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator, Sequence

from trackfix.project.facts.expressions import is_none, names_in

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# By these code gets at what other modules have.
_LEADING_ON = frozenset({"__import__", "eval", "exec", "getattr", "globals", "locals", "vars"})
_LOADERS = frozenset({"importlib", "inspect", "operator", "pkgutil", "runpy", "sys", "types"})


def gives_own_values(body: Sequence[ast.stmt]) -> bool:
    """Whether the ``__getattr__`` of a module returns something, and all that it uses for that is
    made in the module itself, by whatever functions: nothing is handed on."""
    own = [n for n in body if isinstance(n, ast.FunctionDef) and n.name == "__getattr__"]
    returned = (n.value for f in own for n in ast.walk(f) if isinstance(n, ast.Return))
    if not any(value is not None and not is_none(value) for value in returned):
        return False
    known, made = _harmless_names(body), {name for node in body for name in _bound(node)}
    reached, wanted = {"__getattr__"}, ["__getattr__"]
    while wanted:
        name = wanted.pop()
        for part in (node for node in body if _makes(node, name)):
            if any(isinstance(n, (ast.Import, ast.ImportFrom)) for n in ast.walk(part)):
                return False
            used = names_in(part) - _local_names(part)
            if not used <= known | made:
                return False
            wanted += (used & made) - reached
            reached |= used & made
    return True


def _harmless_names(body: Sequence[ast.stmt]) -> set[str]:
    """What a module knows that comes from Python, but for what leads to other modules."""
    found = set(dir(builtins)) - _LEADING_ON | {"__file__", "__path__"}
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                module = node.module or "." if isinstance(node, ast.ImportFrom) else alias.name
                top = module.partition(".")[0]
                if top in sys.stdlib_module_names - _LOADERS:
                    found.add(alias.asname or alias.name.partition(".")[0])
    return found


def _makes(node: ast.stmt, name: str) -> bool:
    """Whether a statement at the top binds a name, or may change its value."""
    if isinstance(node, _DEFINITIONS):
        return node.name == name
    return not isinstance(node, (ast.Import, ast.ImportFrom)) and name in names_in(node)


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top makes a value for."""
    if isinstance(node, _DEFINITIONS):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (t.id for t in targets if isinstance(t, ast.Name))


def _local_names(node: ast.stmt) -> set[str]:
    """The names that are bound within a definition: parameters, functions and errors among them."""
    if not isinstance(node, _DEFINITIONS):
        return set()
    inner = [part for part in ast.walk(node) if part is not node]
    stored = {n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    named = {n.name for n in inner if isinstance(n, (*_DEFINITIONS, ast.ExceptHandler)) and n.name}
    return stored | named | {part.arg for part in inner if isinstance(part, ast.arg)}
