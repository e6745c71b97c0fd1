"""Names that a module makes on demand (PEP 562)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from trackfix.project.facts.expressions import (
    call_name,
    dotted,
    names_in,
    string_value,
    written_module,
)
from trackfix.project.facts.module_facts import Binding
from trackfix.project.facts.own_values import gives_own_values
from trackfix.project.facts.runtime import imported_module

_Delegates = list[tuple[str, int]]


def read(tree: ast.Module) -> tuple[list[Binding], tuple[tuple[str, int], ...], bool]:
    """The lazy names of a module, the modules it delegates to, and whether more is hidden.

    Understands ``if name == "a": from home import a; return a``, also with ``match``, a table from
    names to homes used by ``__getattr__`` or given to a helper that returns one,
    ``lazy_loader.attach``, and a ``__getattr__`` that hands every name to one module.
    """
    bindings: list[Binding] = []
    delegates: _Delegates = []
    opaque = False
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            if gives_own_values(tree.body):
                # What looks like a table of homes is one of texts then.
                opaque = True
                continue
            functions = {f.name: f for f in tree.body if isinstance(f, ast.FunctionDef)}
            found, delegated = _read_function(node, tree.body, functions)
            bindings += found
            delegates += delegated
            opaque |= not (found or delegated)
        elif isinstance(node, ast.Assign) and (
            "__getattr__" in _target_names(node) or _replaces_itself(node)
        ):
            found = _read_helper_call(node.value, _tables(tree.body), node.lineno)
            bindings += found
            opaque |= not found
    return bindings, tuple(delegates), opaque


def _read_function(
    node: ast.FunctionDef,
    around: Sequence[ast.stmt],
    functions: Mapping[str, ast.FunctionDef],
) -> tuple[list[Binding], _Delegates]:
    if not node.args.args:
        return [], []
    tables = _tables(around)
    parameter = node.args.args[0].arg
    bindings: list[Binding] = []
    visible = [*around, *node.body]
    for statement in ast.walk(node):
        for names, body in _branches(statement, parameter):
            for name in names:
                bindings += _Branch(name, parameter, visible).read(body)
    used = names_in(node)
    called = [functions[name] for name in sorted(used & functions.keys()) if name != "__getattr__"]
    for function in called:
        used |= names_in(function)
    by_attribute = any(_is_getattr_call(n) for part in (node, *called) for n in ast.walk(part))
    known = {binding.name for binding in bindings}
    for name in sorted(used & tables.keys()):
        bindings += [b for b in _read_table(tables[name], by_attribute) if b.name not in known]
    return bindings, [] if bindings else _delegates(node, parameter, around)


class _Branch:
    """The body of ``if name == "a":``, with the modules and names that it imports, or that the
    statements ``around`` its function do."""

    def __init__(self, name: str, parameter: str, around: Sequence[ast.stmt]) -> None:
        self.name = name
        self.parameter = parameter
        self.imported: dict[str, tuple[str, str]] = {}
        self.modules: dict[str, str] = {}
        for node in around:
            self.note_imports(node)
            for other in (
                _target_names(node) if isinstance(node, (ast.Assign, ast.AnnAssign)) else ()
            ):
                self.imported.pop(other, None)
                self.modules.pop(other, None)

    def note_imports(self, node: ast.stmt) -> None:
        if isinstance(node, ast.ImportFrom):
            module = written_module(node)
            for alias in node.names:
                self.imported[alias.asname or alias.name] = (module, alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                self.modules[alias.asname or alias.name] = alias.name

    def read(self, body: Sequence[ast.stmt]) -> Iterator[Binding]:
        for node in body:
            self.note_imports(node)
            if isinstance(node, ast.Assign) and len(_target_names(node)) == 1:
                loaded = imported_module(node.value)
                if loaded:
                    self.modules[_target_names(node)[0]] = loaded
            elif isinstance(node, ast.Return):
                home = self.returned(node.value)
                if home is not None:
                    yield Binding(self.name, "lazy", node.lineno, *home)

    def returned(self, value: ast.expr | None) -> tuple[str, str] | None:
        """Module and name of the returned value; an empty name is the module itself."""
        if isinstance(value, ast.Name):
            if value.id in self.modules:
                return self.modules[value.id], ""
            return self.imported.get(value.id)
        if isinstance(value, ast.Attribute):
            owner = self.module(value.value)
            return (owner, value.attr) if owner else None
        if isinstance(value, ast.Call) and _is_getattr_call(value):
            owner, wanted = self.module(value.args[0]), value.args[1]
            is_parameter = isinstance(wanted, ast.Name) and wanted.id == self.parameter
            attribute = self.name if is_parameter else string_value(wanted)
            return (owner, attribute) if owner and attribute else None
        if isinstance(value, ast.Subscript) and call_name(value.value) in ("locals", "globals"):
            return self.imported.get(self.name)
        loaded = imported_module(value)
        return (loaded, "") if loaded else None

    def module(self, node: ast.expr) -> str | None:
        owner = dotted(node) or ""
        if owner in self.imported:
            package, source = self.imported[owner]
            return package + ("" if package.endswith(".") else ".") + source
        return self.modules.get(owner) or imported_module(node)


def _read_table(table: ast.Dict, by_attribute: bool) -> Iterator[Binding]:
    """Entries of ``{"a": "home"}``, ``{"a": "home.a"}``, ``{"a": ("home", "a")}``,
    ``{"a": (package, ".home")}`` or ``{"home": ["a"]}``.

    A dotted string may name a module or a symbol in it: the source is then ``?`` where the
    project must decide, with ``name`` taken from the module when ``__getattr__`` uses getattr.
    """
    for key, value in zip(table.keys, table.values, strict=True):
        name, target = string_value(key), string_value(value)
        if name is None or key is None:
            continue
        if target is not None and name.isidentifier():
            module, colon, source = target.partition(":")
            if _is_dotted(module):
                source = source if colon else ("?" if by_attribute else "?module")
                yield Binding(name, "lazy", key.lineno, module, source)
        elif isinstance(value, ast.Tuple) and len(value.elts) == 2 and name.isidentifier():
            first, second = (string_value(element) for element in value.elts)
            if first and second and _is_dotted(first) and second.isidentifier():
                yield Binding(name, "lazy", key.lineno, first, second)
            elif first is None and second and second.startswith(".") and _is_dotted(second):
                yield Binding(name, "lazy", key.lineno, second, name)
        elif isinstance(value, (ast.List, ast.Set, ast.Tuple)) and _is_dotted(name):
            for element in value.elts:
                item = string_value(element)
                if item and item.isidentifier():
                    yield Binding(item, "lazy", element.lineno, name, item)


def _is_dotted(text: str) -> bool:
    parts = text.lstrip(".").split(".")
    return all(part.isidentifier() for part in parts)


def _read_helper_call(value: ast.expr, tables: Mapping[str, ast.Dict], line: int) -> list[Binding]:
    """``helper(__package__, table)``, ``lazy.attach(__name__, submodules, submod_attrs)``."""
    if not isinstance(value, ast.Call):
        return []
    bindings: list[Binding] = []
    for argument in [*value.args, *(keyword.value for keyword in value.keywords)]:
        table = tables.get(argument.id) if isinstance(argument, ast.Name) else argument
        if isinstance(table, ast.Dict):
            bindings += _read_table(table, by_attribute=True)
        elif isinstance(table, (ast.List, ast.Set, ast.Tuple)) and (
            (call_name(value) or "").endswith("attach")
        ):
            names = [string_value(element) for element in table.elts]
            bindings += [Binding(n, "lazy", line, f".{n}", "") for n in names if n]
    return bindings


def _delegates(node: ast.FunctionDef, parameter: str, around: Sequence[ast.stmt]) -> _Delegates:
    """The module ``m`` of ``return getattr(m, name)``, where nothing else is returned; the
    function imports it, or a statement ``around`` it does."""
    returns = [n for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None]
    if len(returns) != 1:
        return []
    value = returns[0].value
    if not (isinstance(value, ast.Call) and _is_getattr_call(value)):
        return []
    inside = [part for part in ast.walk(node) if isinstance(part, ast.stmt)]
    imports = _Branch("", parameter, [*around, *inside])
    home = imports.module(value.args[0]) or dotted(value.args[0])
    wanted = value.args[1]
    is_parameter = isinstance(wanted, ast.Name) and wanted.id == parameter
    return [(home, returns[0].lineno)] if home and is_parameter else []


def _tables(body: Sequence[ast.stmt]) -> dict[str, ast.Dict]:
    return {
        name: node.value
        for node in body
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict)
        for name in _target_names(node)
    }


def _target_names(node: ast.Assign | ast.AnnAssign) -> list[str]:
    names: list[str] = []
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        parts = target.elts if isinstance(target, ast.Tuple) else [target]
        names += [part.id for part in parts if isinstance(part, ast.Name)]
    return names


def _replaces_itself(node: ast.Assign) -> bool:
    """``sys.modules[__name__] = SomeLazyModule(...)``."""
    target = node.targets[0]
    return (
        isinstance(node.value, ast.Call)
        and imported_module(node.value) is None
        and isinstance(target, ast.Subscript)
        and dotted(target.value) == "sys.modules"
        and isinstance(target.slice, ast.Name)
        and target.slice.id == "__name__"
    )


def _branches(node: ast.AST, parameter: str) -> Iterator[tuple[list[str], list[ast.stmt]]]:
    """The statements that are executed for certain names: those below an ``if``, or a ``case``."""
    if isinstance(node, ast.If):
        yield _compared_names(node.test, parameter), node.body
    elif isinstance(node, ast.Match) and dotted(node.subject) == parameter:
        for case in node.cases:
            if case.guard is None:
                yield _matched_names(case.pattern), case.body


def _matched_names(pattern: ast.pattern) -> list[str]:
    """The literals of ``case "a" | "b"``."""
    patterns = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
    found = [string_value(p.value) if isinstance(p, ast.MatchValue) else None for p in patterns]
    return [name for name in found if name]


def _compared_names(test: ast.expr, parameter: str) -> list[str]:
    """The literals that ``name == "a"`` or ``name in ("a", "b")`` compares with."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return []
    if not (isinstance(test.left, ast.Name) and test.left.id == parameter):
        return []
    other = test.comparators[0]
    if isinstance(test.ops[0], ast.Eq):
        names = [string_value(other)]
    elif isinstance(test.ops[0], ast.In) and isinstance(other, (ast.Tuple, ast.List, ast.Set)):
        names = [string_value(element) for element in other.elts]
    else:
        return []
    return [name for name in names if name]


def _is_getattr_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and call_name(node) == "getattr" and len(node.args) >= 2
