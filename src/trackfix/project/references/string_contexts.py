"""What shows that a string is a reference: where it stands."""

from __future__ import annotations

import ast

from trackfix.project.facts.expressions import call_name, dotted, keyword_value, string_value
from trackfix.project.facts.module_facts import is_package
from trackfix.project.meaning.scopes import Scopes, Use
from trackfix.project.project import absolute

_TAKES_TARGET = frozenset({"patch", "setattr", "delattr", "dict", "resolve_name", "AsyncPatch"})
# With the name as the second argument; ``object`` is that of ``mock.patch``.
WITH_ATTRIBUTE = frozenset({"getattr", "hasattr", "setattr", "delattr", "object"})
TAKES_MODULE = frozenset({"import_module", "importorskip", "__import__", "find_spec"})


# https://docs.python.org/3/library/unittest.html#unittest.TestCase.assertLogs
_TAKES_LOGGER = frozenset({"getLogger", "get_logger", "assertLogs", "assertNoLogs"})
# https://docs.pytest.org/en/stable/reference/reference.html#pytest.LogCaptureFixture.at_level
_SETS_LEVEL = frozenset({"at_level", "set_level"})
# Of patch.multiple. https://docs.python.org/3/library/unittest.mock.html#patch-multiple
PATCH_OPTIONS = frozenset({"spec", "create", "spec_set", "autospec", "new_callable"})
_MODULE_LISTS = frozenset({"py_modules", "modules", "packages", "hiddenimports", "autoload"})


def context_of(
    node: ast.Constant, parents: dict[ast.AST, ast.AST], scopes: Scopes
) -> tuple[str, ast.Call | None]:
    """What shows that a string is a reference: ``target`` (of a patch), ``prefix`` (a constant that
    patch targets begin with), ``module`` (an import by name), ``multiple`` (``patch.multiple``),
    ``entry`` (of ``sys.modules``), ``reload`` (taken out of it), ``config``, or nothing. A
    ``logger`` may have the name of a module."""
    parent = parents.get(node)
    if is_plugin_list(node, parents):
        return "module", None
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        name = parent.targets[0]
        if isinstance(name, ast.Name) and _only_patched(name, scopes, parents):
            return "target", None
        if isinstance(name, ast.Name) and _prefixed_names(name, scopes, parents):
            return "prefix", None
        return "", None
    if isinstance(parent, ast.Dict):
        return _dict_context(node, parent, parents), None
    if isinstance(parent, ast.Subscript) and dotted(parent.value) == "sys.modules":
        return "entry", None
    if isinstance(parent, ast.keyword):
        keyword, parent = parent, parents.get(parent)
        if keyword.arg == "logger":
            return "logger", None
        if keyword.arg not in ("target", "name", "modname"):
            return "", None
    if not isinstance(parent, ast.Call):
        return "", None
    name_of_call = call_name(parent) or ""
    if not name_of_call and isinstance(parent.func, ast.Attribute):
        name_of_call = parent.func.attr
    owner, _, last = name_of_call.rpartition(".")
    first = (bool(parent.args) and parent.args[0] is node) or node not in parent.args
    if last in _SETS_LEVEL and parent.args[1:2] == [node]:
        return "logger", None
    if last in ("setitem", "delitem") and parent.args and dotted(parent.args[0]) == "sys.modules":
        return "entry", parent
    if not first:
        return "", None
    if name_of_call in ("sys.modules.get", "sys.modules.pop"):
        return ("entry" if last == "get" else "reload"), None
    if last == "ModuleType":
        # The name of a double, which goes with that of the entry that it is put into.
        return "entry", parent
    if last in _TAKES_LOGGER:
        return "logger", None
    if last == "multiple":
        return "multiple", parent
    if last in TAKES_MODULE:
        return "module", parent
    if last in _TAKES_TARGET and (last not in ("setattr", "delattr", "dict") or owner):
        return "target", parent
    return "", None


def stands_in(node: ast.Constant, parents: dict[ast.AST, ast.AST], scopes: Scopes) -> bool:
    """Whether something is put into ``sys.modules`` under the name that a string is: the string
    itself, a constant, the variable of a loop, or a dictionary with that key."""
    places: list[ast.expr] = [node]
    for place in places:
        parent = parents.get(place)
        if _takes_stand_in(place, parent, parents):
            return True
        places += (other for other in _passed_on(place, parent, scopes) if other not in places)
    return False


def _passed_on(place: ast.expr, parent: ast.AST | None, scopes: Scopes) -> list[ast.expr]:
    """What stands for an expression: a display that has it, the uses of the name that it gets."""
    name: ast.expr | None = None
    if isinstance(parent, (ast.List, ast.Tuple, ast.Set)):
        return [parent]
    if isinstance(parent, ast.Dict):
        return [parent] if place in parent.keys else []
    if isinstance(parent, ast.Assign):
        name = parent.targets[0]
    elif isinstance(parent, (ast.For, ast.comprehension)) and place is parent.iter:
        name = parent.target
    return [use.node for use in _constant_uses(name, scopes)] if isinstance(name, ast.Name) else []


def _takes_stand_in(
    place: ast.expr, parent: ast.AST | None, parents: dict[ast.AST, ast.AST]
) -> bool:
    """Whether ``sys.modules`` gets an entry of that name, or those of that dictionary."""
    if isinstance(parent, ast.Subscript):
        return _is_modules(parent.value) and isinstance(parent.ctx, ast.Store)
    call = parents.get(parent) if isinstance(parent, ast.keyword) else parent
    if not isinstance(call, ast.Call):
        return False
    name = call_name(call) or ""
    if name in ("sys.modules.setdefault", "sys.modules.update"):
        return call.args[:1] == [place]
    is_put = name.endswith("patch.dict") or (
        name.rpartition(".")[2] == "setitem" and place in call.args[1:2]
    )
    return is_put and bool(call.args) and _is_modules(call.args[0])


def _is_modules(node: ast.expr) -> bool:
    return "sys.modules" in (dotted(node), string_value(node))


def imported_by_name(call: ast.Call, package: str, path: str) -> str | None:
    """The absolute name of the module that a call such as ``import_module(".m", __package__)`` asks
    for in a file of a ``package``; None if only a run tells.

    https://docs.python.org/3/library/importlib.html#importlib.import_module
    """
    name = string_value(call.args[0]) if call.args else None
    if name is None or not name.startswith("."):
        return name
    anchor = call.args[1] if len(call.args) > 1 else keyword_value(call, "package")
    written = dotted(anchor) if anchor is not None else None
    own = ("__package__", "__spec__.parent", *(("__name__",) if is_package(path) else ()))
    if written in own:
        return absolute(name, package) if package else None
    told = string_value(anchor) if anchor is not None else None
    return absolute(name, told) if told else None


def is_plugin_list(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """``pytest_plugins = ["pkg.plugin"]``

    https://docs.pytest.org/en/stable/reference/reference.html#globalvar-pytest_plugins
    """
    current = parents.get(node)
    while isinstance(current, (ast.List, ast.Tuple)):
        current = parents.get(current)
    return isinstance(current, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytest_plugins" for target in current.targets
    )


def _dict_context(node: ast.Constant, parent: ast.Dict, parents: dict[ast.AST, ast.AST]) -> str:
    if node in parent.keys:
        call = parents.get(parent)
        if not isinstance(call, ast.Call) or not (call_name(call) or "").endswith("patch.dict"):
            return ""
        return "entry" if any(map(_is_modules, call.args[:1])) else ""
    key = parent.keys[parent.values.index(node)]
    return "config" if string_value(key) == "_target_" else ""


def _constant_uses(name: ast.Name, scopes: Scopes) -> list[Use]:
    """The uses of a name that is bound once; none when it is bound again, or used by attribute."""
    scope = next((s for s in scopes.all if name in s.bindings.get(name.id, ())), None)
    if scope is None or len(scope.bindings[name.id]) != 1:
        return []
    uses = scopes.uses_of(name.id, scope)
    return [] if any(use.chain for use in uses) else uses


def is_target(node: ast.AST | None, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether an expression is the first argument of ``patch``."""
    call = parents.get(node) if node is not None else None
    return (
        isinstance(call, ast.Call)
        and call.args[:1] == [node]
        and (call_name(call) or "").rpartition(".")[2] in ("patch", "setattr", "delattr")
    )


def _only_patched(name: ast.Name, scopes: Scopes, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a constant is used for nothing but as the first argument of ``patch``."""
    uses = _constant_uses(name, scopes)
    return bool(uses) and all(is_target(use.node, parents) for use in uses)


def _prefixed_names(
    name: ast.Name, scopes: Scopes, parents: dict[ast.AST, ast.AST]
) -> frozenset[str]:
    """The names ``f`` of all patch targets ``f"{MODULE}.f"`` and ``MODULE + ".f"``; none when the
    constant is used in another way as well."""
    found = set()
    for use in _constant_uses(name, scopes):
        part: ast.AST = parents[use.node]
        whole: ast.AST | None = part
        rest: str | None = None
        if isinstance(part, ast.FormattedValue):
            whole = parents.get(part)
            if isinstance(whole, ast.JoinedStr) and len(whole.values) == 2:
                rest = string_value(whole.values[1]) if whole.values[0] is part else None
        elif isinstance(part, ast.BinOp) and part.left is use.node:
            rest = string_value(part.right)
        if rest is None or not rest.startswith(".") or not is_target(whole, parents):
            return frozenset()
        found.add(rest[1:].partition(".")[0])
    return frozenset(found)


def target_calls(
    node: ast.Constant, parents: dict[ast.AST, ast.AST], scopes: Scopes
) -> list[ast.Call]:
    """The calls that a string is the target of, when it is nothing else: directly, by a constant,
    or as an item of a list that a loop or a parametrized test goes through."""
    context, call = context_of(node, parents, scopes)
    if context == "target" and call is not None:
        return [call]
    holder = parents.get(node)
    if not isinstance(holder, (ast.List, ast.Tuple, ast.Set)):
        return _calls_with_constant(holder, scopes, parents) if context == "target" else []
    around = parents.get(holder)
    if isinstance(around, ast.Call):
        return _calls_of_parameter(around, holder, scopes, parents)
    found = _calls_in_loop(holder, scopes, parents)
    if found or not isinstance(around, ast.Assign) or len(around.targets) != 1:
        return found
    name = around.targets[0]
    uses = _constant_uses(name, scopes) if isinstance(name, ast.Name) else []
    by_use = [_calls_in_loop(use.node, scopes, parents) for use in uses]
    return [call for calls in by_use for call in calls] if all(by_use) else []


def _calls_with_constant(
    assignment: ast.AST | None, scopes: Scopes, parents: dict[ast.AST, ast.AST]
) -> list[ast.Call]:
    name = assignment.targets[0] if isinstance(assignment, ast.Assign) else None
    uses = _constant_uses(name, scopes) if isinstance(name, ast.Name) else []
    return [call for use in uses if isinstance(call := parents.get(use.node), ast.Call)]


def _calls_in_loop(
    items: ast.expr, scopes: Scopes, parents: dict[ast.AST, ast.AST]
) -> list[ast.Call]:
    """``for target in items: patch(target)``"""
    loop = parents.get(items)
    is_loop = isinstance(loop, (ast.For, ast.AsyncFor, ast.comprehension)) and loop.iter is items
    variable = getattr(loop, "target", None) if is_loop else None
    if not isinstance(variable, ast.Name) or not _only_patched(variable, scopes, parents):
        return []
    calls = (parents.get(use.node) for use in _constant_uses(variable, scopes))
    return [call for call in calls if isinstance(call, ast.Call)]


def _calls_of_parameter(
    call: ast.Call, items: ast.expr, scopes: Scopes, parents: dict[ast.AST, ast.AST]
) -> list[ast.Call]:
    """``@pytest.mark.parametrize("target", items)`` of a function that patches ``target``"""
    test = parents.get(call)
    name = string_value(call.args[0]) if call.args[1:2] == [items] else None
    if (call_name(call) or "").rpartition(".")[2] != "parametrize" or name is None:
        return []
    scope = next((s for s in scopes.all if s.node is test), None)
    uses = scopes.uses_of(name, scope) if scope is not None else []
    calls = [parents.get(use.node) for use in uses]
    only = all(not use.chain and is_target(use.node, parents) for use in uses)
    return [found for found in calls if isinstance(found, ast.Call)] if only else []


def patched_names(
    node: ast.Constant, call: ast.Call | None, scopes: Scopes, parents: dict[ast.AST, ast.AST]
) -> frozenset[str]:
    """The names that are patched in the module that a string names."""
    if call is not None:
        return frozenset(
            keyword.arg
            for keyword in call.keywords
            if keyword.arg and keyword.arg not in PATCH_OPTIONS
        )
    assignment = parents[node]
    assert isinstance(assignment, ast.Assign)
    name = assignment.targets[0]
    assert isinstance(name, ast.Name)
    return _prefixed_names(name, scopes, parents)


def lists_modules(node: ast.Constant, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a string stands in a keyword such as ``py_modules`` of a ``setup`` call, or after
    ``"-m"`` in the words of a command."""
    current: ast.AST | None = parents.get(node)
    words = current.elts if isinstance(current, (ast.List, ast.Tuple)) else []
    if node in words and string_value(words[words.index(node) - 1]) == "-m":
        return True
    while isinstance(current, (ast.List, ast.Tuple, ast.Set)):
        current = parents.get(current)
    return isinstance(current, ast.keyword) and current.arg in _MODULE_LISTS
