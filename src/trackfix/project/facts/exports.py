"""What a module's ``__all__`` says, read from the statements that make it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.facts.expressions import call_name, dotted, string_value
from trackfix.project.facts.module_facts import Exports

_NOTHING = Exports(())
_CHANGES = ("append", "extend", "insert", "remove", "clear")


class ExportsReader:
    """Follows ``__all__`` through a module, statement by statement."""

    def __init__(self) -> None:
        self.exports: Exports | None = None
        self._changed = False
        self._lists: dict[str, ast.expr] = {}
        self._imported: dict[str, Exports] = {}

    def note_import(self, name: str, module: str, guard: str) -> None:
        """Remember by which name the ``__all__`` of a module, as it is written, was imported."""
        found = Exports((), (f"{module}:__all__",), complete=not guard)
        self._imported[name] = found
        if name == "__all__":
            self.exports = found

    def note_list(self, name: str, value: ast.expr) -> None:
        """Remember a literal list: ``__all__`` may be made of it."""
        self._imported.pop(name, None)
        if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            self._lists[name] = value
        else:
            self._lists.pop(name, None)

    def assign(self, value: ast.expr | None, *, extend: bool) -> None:
        """``__all__ = value`` or ``__all__ += value``."""
        if not extend and value is not None and _is_every_public_name(value):
            self.exports = None
            return
        before = (self.exports if extend else None) or _NOTHING
        names, others, complete = list(before.names), list(before.others), before.complete
        for part in _sum_parts(value):
            added = self._part(part)
            names += added.names
            others += added.others
            complete &= added.complete
        self.exports = Exports(tuple(names), tuple(others), complete)

    def call(self, method: str, argument: ast.expr | None) -> None:
        """``__all__.extend(argument)`` and other methods of the list."""
        if method == "extend":
            self.assign(argument, extend=True)
        elif method == "append" and argument is not None:
            self.assign(ast.List(elts=[argument], ctx=ast.Load()), extend=True)
        elif method == "remove" and self.exports is not None and string_value(argument):
            left = tuple(name for name in self.exports.names if name != string_value(argument))
            self.exports = Exports(left, self.exports.others, self.exports.complete)
        elif method not in ("sort", "reverse"):
            self.exports = Exports((self.exports or _NOTHING).names, (), complete=False)

    def change(self) -> None:
        """A function changes ``__all__`` when it is called."""
        self._changed = True

    def result(self) -> Exports | None:
        """What is known at the end of the module."""
        if self.exports is None or not self._changed:
            return self.exports
        return Exports(self.exports.names, self.exports.others, complete=False)

    def _part(self, part: ast.expr) -> Exports:
        name = dotted(part) or ""
        if name == "__all__":
            return self.exports or _NOTHING
        if name.endswith(".__all__"):
            return Exports((), (name,))
        if name in self._imported:
            return self._imported[name]
        if name in self._lists:
            part = self._lists[name]
        if not isinstance(part, (ast.List, ast.Tuple, ast.Set)):
            return Exports((), (), complete=False)
        names: list[str] = []
        others: list[str] = []
        complete = True
        for element in part.elts:
            literal = string_value(element)
            if literal is not None:
                names.append(literal)
            elif isinstance(element, ast.Starred):
                inner = self._part(element.value)
                names += inner.names
                others += inner.others
                complete &= inner.complete
            elif (dotted(element) or "").endswith(".__name__"):
                names.append((dotted(element) or "").split(".")[-2])
            else:
                complete = False
        return Exports(tuple(names), tuple(others), complete)


def _sum_parts(value: ast.expr | None) -> Iterator[ast.expr]:
    if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.BitOr)):
        yield from _sum_parts(value.left)
        yield from _sum_parts(value.right)
    elif isinstance(value, ast.Call) and call_name(value) in ("list", "tuple", "sorted", "set"):
        yield from (part for argument in value.args for part in _sum_parts(argument))
    elif (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "copy"
    ):
        yield value.func.value
    elif value is not None:
        yield value


def is_all_changed(function: ast.AST) -> bool:
    """Whether the body of a function does something to the ``__all__`` of its module."""
    return any(_changes_all(node) for node in ast.walk(function))


def _changes_all(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _CHANGES and dotted(node.value) == "__all__"
    is_stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    return is_stored and dotted(node) == "__all__"


def _is_every_public_name(value: ast.expr) -> bool:
    """``[s for s in dir() if not s.startswith("_")]``: as if there were no ``__all__``."""
    if not isinstance(value, ast.ListComp) or len(value.generators) != 1:
        return False
    loop = value.generators[0]
    if not isinstance(loop.target, ast.Name) or len(loop.ifs) != 1:
        return False
    test = loop.ifs[0]
    return (
        isinstance(value.elt, ast.Name)
        and value.elt.id == loop.target.id
        and call_name(loop.iter) in ("dir", "globals", "vars")
        and isinstance(loop.iter, ast.Call)
        and not loop.iter.args
        and isinstance(test, ast.UnaryOp)
        and isinstance(test.op, ast.Not)
        and isinstance(test.operand, ast.Call)
        and call_name(test.operand) == f"{loop.target.id}.startswith"
        and string_value(test.operand.args[0] if test.operand.args else None) == "_"
    )
