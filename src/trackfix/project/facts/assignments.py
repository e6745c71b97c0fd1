"""The names and module objects that assignments and calls bind at the top of a module."""

from __future__ import annotations

import ast

from trackfix.project.facts.exports import ExportsReader
from trackfix.project.facts.expressions import call_name, dotted, string_value
from trackfix.project.facts.module_facts import Binding, ModuleAlias
from trackfix.project.facts.runtime import (
    MODULE_TABLES,
    is_own_module,
    made_module,
    module_of_string,
)

_NAMESPACES = ("globals", "vars", "locals")


class Assignments:
    """What a module binds other than by imports and definitions, statement by statement."""

    def __init__(self, text: str) -> None:
        self.bindings: dict[str, list[Binding]] = {}
        # What the block being read binds in any case: where in the lists of `bindings`.
        self.always: dict[str, list[int]] = {}
        self.exports = ExportsReader()
        self.effects: list[int] = []
        self.aliases: list[ModuleAlias] = []
        self.patches: list[tuple[str, str, int]] = []
        self.opaque = False
        self.overwrites = False
        self._made_modules: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        # A look into every expression is dear: the text tells when it is in vain.
        self._has_walrus = ":=" in text

    def bind(self, binding: Binding) -> None:
        found = self.bindings.setdefault(binding.name, [])
        self.always.setdefault(binding.name, []).append(len(found))
        found.append(binding)

    def read_assignment(
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, guard: str, group: int
    ) -> None:
        value = node.value
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Subscript):
                self._read_item_assignment(target, value, guard, group)
            elif isinstance(target, ast.Attribute):
                self._read_attribute_assignment(target, value)
            elif not isinstance(target, ast.Name):
                self._bind_unpacked(target, value, node.lineno, guard, group)
            elif target.id == "__all__":
                self.exports.assign(value, extend=isinstance(node, ast.AugAssign))
            elif value is not None:
                plain = not isinstance(node, ast.AugAssign)
                self._bind_name(target.id, value if plain else None, node.lineno, guard, group)
        if value is not None:
            self.walrus(value, guard, group)

    def _bind_unpacked(
        self, target: ast.expr, value: ast.expr | None, line: int, guard: str, group: int
    ) -> None:
        pair = (ast.Tuple, ast.List)
        if (
            isinstance(target, pair)
            and isinstance(value, pair)
            and len(target.elts) == len(value.elts)
            and all(isinstance(part, ast.Name) for part in target.elts)
        ):
            for name, part in zip(target.elts, value.elts, strict=True):
                assert isinstance(name, ast.Name)
                self._bind_name(name.id, part, line, guard, group)
        else:
            self.bind_targets(target, line, guard, group)

    def _bind_name(
        self, name: str, value: ast.expr | None, line: int, guard: str, group: int
    ) -> None:
        if isinstance(value, ast.Name) and value.id == name and not guard and name in self.bindings:
            return  # ``x = x`` below an import of it is for linters: nothing is bound anew.
        made = made_module(value)
        if made is not None:
            self._made_modules[name] = (made, [])
        if value is not None:
            self.exports.note_list(name, value)
        source = dotted(value) or ""
        form = "alias" if source and source != name else "value"
        self.bind(Binding(name, form, line, "", source, guard, group))

    def _read_item_assignment(
        self, target: ast.Subscript, value: ast.expr | None, guard: str, group: int
    ) -> None:
        line = target.lineno
        key = string_value(target.slice)
        source = dotted(value) or ""
        if dotted(target.value) in MODULE_TABLES:
            own = isinstance(target.slice, ast.Name) and target.slice.id == "__name__"
            named = module_of_string(value) if own and not guard else None
            if named:
                self.aliases.append(ModuleAlias("", named, line, is_literal=True))
                return
            if not source or not (own or key):
                self.overwrites |= own and call_name(value) is None
                self.effects.append(line)
                return
            name, table = self._made_modules.get(source, ("", []))
            if key and name == key:
                self.aliases.append(ModuleAlias(key, "", line, tuple(table)))
            else:
                self.aliases.append(ModuleAlias("" if own else key or "", source, line))
        elif call_name(target.value) in _NAMESPACES:
            if key is None or value is None:
                self.overwrites = True
            else:
                form = "alias" if source else "value"
                self.bind(Binding(key, form, line, "", source, guard, group))
        else:
            self.effects.append(line)

    def _read_attribute_assignment(self, target: ast.Attribute, value: ast.expr | None) -> None:
        owner = dotted(target.value)
        if owner in self._made_modules and value is not None:
            self._made_modules[owner][1].append((target.attr, dotted(value) or ""))
            return
        self.effects.append(target.lineno)
        # https://docs.python.org/3/reference/datamodel.html#customizing-module-attribute-access
        self.opaque |= target.attr == "__class__" and is_own_module(target.value)
        if owner is not None and value is not None:
            self.patches.append((owner, target.attr, target.lineno))

    def read_setattr(self, call: ast.Call, guard: str, group: int) -> None:
        owner, key, value = call.args[0], string_value(call.args[1]), call.args[2]
        holder = dotted(owner) or ""
        if is_own_module(owner):
            if key is None:
                self.overwrites = True
            else:
                form = "alias" if dotted(value) else "value"
                source = dotted(value) or ""
                self.bind(Binding(key, form, call.lineno, "", source, guard, group))
        elif holder in self._made_modules:
            self._made_modules[holder][1].append((key or "", dotted(value) or ""))
        else:
            self.effects.append(call.lineno)
            if holder and key:
                self.patches.append((holder, key, call.lineno))

    def bind_targets(self, target: ast.AST, line: int, guard: str, group: int) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.bind(Binding(node.id, "value", line, guard=guard, group=group))

    def walrus(self, expression: ast.expr, guard: str, group: int) -> None:
        if self._has_walrus:
            for node in ast.walk(expression):
                if isinstance(node, ast.NamedExpr):
                    self.bind_targets(node.target, node.lineno, guard, group)
