"""Names that a module makes on demand (PEP 562), and definitions that only pass on."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trackfix.project.expressions import call_name, dotted, string_value
from trackfix.project.facts import Binding

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Reading = tuple[list[Binding], tuple[tuple[str, int], ...], bool]


def read(tree: ast.Module) -> _Reading:
    """The lazy names of a module, the modules it delegates to, and whether more is hidden.

    Understands ``if name == "a": from home import a; return a``, a table from names to homes
    used by ``__getattr__`` or given to a helper that returns one, ``lazy_loader.attach``, and a
    ``__getattr__`` that hands every name to one module.
    """
    tables = _tables(tree.body)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    bindings: list[Binding] = []
    delegates: list[tuple[str, int]] = []
    opaque = False
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            found, delegate = _read_function(node, tables, functions)
            bindings += found
            delegates += delegate
            opaque |= not (found or delegate)
        elif isinstance(node, ast.Assign) and "__getattr__" in _target_names(node):
            found = _read_helper_call(node.value, tables, node.lineno)
            bindings += found
            opaque |= not found
        elif isinstance(node, ast.Assign) and _replaces_itself(node):
            found = _read_helper_call(node.value, tables, node.lineno)
            bindings += found
            opaque |= not found
    return bindings, tuple(delegates), opaque


def wrapped_class(node: ast.ClassDef) -> str:
    """The base of ``class Old(New)`` with an empty body, else an empty string."""
    if len(node.bases) != 1 or node.keywords or node.decorator_list:
        return ""
    body = [s for s in node.body if not (_is_text(s) or isinstance(s, ast.Pass))]
    warns = all(
        isinstance(s, ast.FunctionDef) and s.name in ("__init__", "__init_subclass__")
        and _only_warns_and_calls_super(s)
        for s in body
    )
    return (dotted(node.bases[0]) or "") if warns else ""


def wrapped_function(node: _Function) -> str:
    """What ``def old(*a, **k): warn(...); return new(*a, **k)`` calls, else an empty string."""
    body = [s for s in node.body if not _is_text(s) and not _is_warning(s)
            and not isinstance(s, (ast.Import, ast.ImportFrom))]
    if len(body) != 1 or not isinstance(body[0], ast.Return):
        return ""
    call = body[0].value
    if isinstance(call, ast.Await):
        call = call.value
    target = call_name(call)
    if target is None or not isinstance(call, ast.Call):
        return ""
    parameters = {a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    parameters |= {a.arg for a in (node.args.vararg, node.args.kwarg) if a}
    given = [a.value if isinstance(a, ast.Starred) else a for a in call.args]
    given += [keyword.value for keyword in call.keywords]
    passes_on = all(isinstance(a, ast.Name) and a.id in parameters for a in given)
    only_passed = len(given) == len(parameters) and bool(parameters)
    return target if passes_on and only_passed and target.partition(".")[0] not in parameters else ""


def warns(node: _Function) -> bool:
    """Whether a function itself emits a warning."""
    return any(_is_warning(statement) for statement in node.body)


def _read_function(
    node: ast.FunctionDef,
    tables: dict[str, ast.Dict],
    functions: dict[str, ast.FunctionDef],
) -> tuple[list[Binding], list[tuple[str, int]]]:
    if not node.args.args:
        return [], []
    parameter = node.args.args[0].arg
    bindings: list[Binding] = []
    for statement in ast.walk(node):
        if isinstance(statement, ast.If):
            names = _compared_names(statement.test, parameter, tables)
            for name in names:
                bindings += _returned(name, statement.body, parameter)
    used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    called = [functions[name] for name in sorted(used & functions.keys()) if name != "__getattr__"]
    for function in called:
        used |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
    by_attribute = any(
        _is_getattr_call(n) for part in (node, *called) for n in ast.walk(part)
    )
    known = {binding.name for binding in bindings}
    for name in sorted(used & tables.keys()):
        bindings += [b for b in _read_table(tables[name], by_attribute) if b.name not in known]
    if bindings:
        return bindings, []
    return [], _delegates(node, parameter)


def _returned(name: str, body: Sequence[ast.stmt], parameter: str) -> Iterator[Binding]:
    """The binding that ``body`` of ``if name == "a":`` returns."""
    imported: dict[str, tuple[str, str]] = {}
    modules: dict[str, str] = {}
    for node in body:
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                imported[alias.asname or alias.name] = (module, alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                modules[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.Assign) and len(_target_names(node)) == 1:
            loaded = _imported_module(node.value)
            if loaded:
                modules[_target_names(node)[0]] = loaded
        elif isinstance(node, ast.Return):
            value = node.value
            if isinstance(value, ast.Name) and value.id in imported:
                module, source = imported[value.id]
                yield Binding(name, "lazy", node.lineno, module, source)
            elif isinstance(value, ast.Name) and value.id in modules:
                yield Binding(name, "lazy", node.lineno, modules[value.id], "")
            elif isinstance(value, ast.Attribute):
                owner = dotted(value.value) or ""
                home = modules.get(owner) or _imported_module(value.value)
                if home is None and owner in imported:
                    package, source = imported[owner]
                    home = package + ("" if package.endswith(".") else ".") + source
                if home:
                    yield Binding(name, "lazy", node.lineno, home, value.attr)
            elif isinstance(value, ast.Call) and call_name(value) == "getattr":
                owner = dotted(value.args[0]) or ""
                home = modules.get(owner) or _imported_module(value.args[0])
                if home is None and owner in imported:
                    package, source = imported[owner]
                    home = package + ("" if package.endswith(".") else ".") + source
                wanted = value.args[1] if len(value.args) > 1 else None
                is_parameter = isinstance(wanted, ast.Name) and wanted.id == parameter
                attribute = name if is_parameter else string_value(wanted)
                if home and attribute:
                    yield Binding(name, "lazy", node.lineno, home, attribute)
            elif isinstance(value, ast.Subscript) and call_name(value.value) in (
                "locals", "globals"
            ):
                if name in imported:
                    module, source = imported[name]
                    yield Binding(name, "lazy", node.lineno, module, source)
            elif _imported_module(value):
                yield Binding(name, "lazy", node.lineno, _imported_module(value) or "", "")


def _read_table(table: ast.Dict, by_attribute: bool) -> Iterator[Binding]:
    """Entries of ``{"a": "home"}``, ``{"a": "home.a"}``, ``{"a": ("home", "a")}`` or
    ``{"home": ["a"]}``.

    A dotted string may name a module or a symbol in it: the source is then ``?`` where the
    project must decide, with ``name`` taken from the module when ``__getattr__`` uses getattr.
    """
    for key, value in zip(table.keys, table.values, strict=True):
        name = string_value(key)
        if name is None or key is None:
            continue
        target = string_value(value)
        if target is not None and name.isidentifier():
            module, colon, source = target.partition(":")
            source = source if colon else ("?" if by_attribute else "?module")
            yield Binding(name, "lazy", key.lineno, module, source)
        elif isinstance(value, (ast.Tuple, ast.List)):
            items = [string_value(element) for element in value.elts]
            if isinstance(value, ast.Tuple) and len(items) == 2 and items[0] and items[1]:
                yield Binding(name, "lazy", key.lineno, items[0], items[1])
            elif isinstance(value, ast.List):
                for item, element in zip(items, value.elts, strict=True):
                    if item:
                        yield Binding(item, "lazy", element.lineno, f".{name}", item)


def _read_helper_call(
    value: ast.expr, tables: dict[str, ast.Dict], line: int
) -> list[Binding]:
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


def _delegates(node: ast.FunctionDef, parameter: str) -> list[tuple[str, int]]:
    """Modules ``m`` of ``return getattr(m, name)``, where nothing else is returned."""
    returns = [n for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None]
    found: list[tuple[str, int]] = []
    modules = {
        alias.asname or alias.name: alias.name
        for n in ast.walk(node) if isinstance(n, ast.Import) for alias in n.names
    }
    for statement in returns:
        value = statement.value
        if not (isinstance(value, ast.Call) and _is_getattr_call(value)):
            return []
        wanted = value.args[1]
        owner = dotted(value.args[0]) or ""
        home = modules.get(owner) or _imported_module(value.args[0]) or owner
        if not (home and isinstance(wanted, ast.Name) and wanted.id == parameter):
            return []
        found.append((home, statement.lineno))
    return found if len(found) == 1 else []


def _tables(body: Sequence[ast.stmt]) -> dict[str, ast.Dict]:
    tables: dict[str, ast.Dict] = {}
    for node in body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
            for name in _target_names(node):
                tables[name] = node.value
    return tables


def _target_names(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [n.id for target in targets for n in
            (target.elts if isinstance(target, ast.Tuple) else [target]) if isinstance(n, ast.Name)]


def _replaces_itself(node: ast.Assign) -> bool:
    """``sys.modules[__name__] = SomeLazyModule(...)``."""
    target = node.targets[0]
    return (
        isinstance(node.value, ast.Call)
        and isinstance(target, ast.Subscript)
        and dotted(target.value) == "sys.modules"
        and isinstance(target.slice, ast.Name)
        and target.slice.id == "__name__"
    )


def _compared_names(
    test: ast.expr, parameter: str, tables: dict[str, ast.Dict]
) -> list[str]:
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


def _imported_module(node: ast.AST | None) -> str | None:
    """``importlib.import_module("home")`` -> ``home``; a literal only."""
    name = call_name(node)
    if name is None or not isinstance(node, ast.Call) or not node.args:
        return None
    if name.rpartition(".")[2] not in ("import_module", "__import__"):
        return None
    return string_value(node.args[0])


def _is_getattr_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and call_name(node) == "getattr" and len(node.args) >= 2


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_warning(node: ast.stmt) -> bool:
    name = call_name(node.value) if isinstance(node, ast.Expr) else None
    last = (name or "").rpartition(".")[2].lower()
    return "warn" in last or "deprecat" in last


def _only_warns_and_calls_super(node: ast.FunctionDef) -> bool:
    return all(
        _is_text(s) or _is_warning(s)
        or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)
            and isinstance(s.value.func, ast.Attribute)
            and call_name(s.value.func.value) == "super")
        for s in node.body
    )
