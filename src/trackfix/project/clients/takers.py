"""What a function of the project does with a class that it is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.facts.expressions import call_name
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope, Use

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class _Callee:
    """A function that a call executes; ``is_bound`` when its first parameter is given already."""

    names: FileNames
    node: _Function
    is_bound: bool = False


def call_takes(names: FileNames, node: ast.expr, call: ast.Call, scope: Scope) -> str:
    """What the function that is called does with the argument ``node``: ``calls`` when it does
    nothing else with it, ``keeps`` when it calls it, but not only that, ``declares`` when it says
    that only a class will do; empty when it does not call it, or when that is not known."""
    callee = _callee(names, call.func, scope)
    if callee is None:
        return ""
    parameter = _parameter(callee, node, call)
    return parameter_is_called(callee.names, callee.node, parameter) if parameter else ""


def parameter_is_called(names: FileNames, node: ast.AST, parameter: str) -> str:
    """The same for a parameter of a function."""
    scope = next((s for s in names.scopes.all if s.node is node), None)
    if scope is None or len(scope.bindings.get(parameter, ())) != 1:
        return ""
    uses = names.scopes.uses_of(parameter, scope)
    calls = [use for use in uses if _is_called(use)]
    if not calls and not any(_is_kept(names, use, node) for use in uses):
        return ""
    if _is_declared_class(scope.bindings[parameter][0]):
        return "declares"
    return "calls" if calls and len(calls) == len(uses) else "keeps"


def called_attributes(node: ast.ClassDef) -> Iterator[str]:
    """The attributes of its own that a class calls."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            owner = part.func.value
            if (
                (isinstance(owner, ast.Name) and owner.id in ("self", "cls", node.name))
                or call_name(owner) == "type"
                or (isinstance(owner, ast.Attribute) and owner.attr == "__class__")
            ):
                yield part.func.attr


def _is_declared_class(parameter: ast.AST) -> bool:
    """Whether a parameter is annotated as ``type[MlflowClient]``, and not as ``Callable``, too."""
    annotation = getattr(parameter, "annotation", None)
    words = set(re.findall(r"\w+", ast.unparse(annotation))) if annotation is not None else set()
    return not words.isdisjoint(("type", "Type")) and words.isdisjoint(("Callable", "Any"))


def _is_called(use: Use) -> bool:
    return isinstance(use.parent, ast.Call) and use.parent.func is use.node


def _is_kept(names: FileNames, use: Use, function: ast.AST) -> bool:
    """``self.make = parameter``, where the class calls ``self.make``."""
    owner = names.parents.get(function)
    if not isinstance(owner, ast.ClassDef) or not isinstance(use.parent, ast.Assign):
        return False
    return any(
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and target.value.id == "self"
        and target.attr in set(called_attributes(owner))
        for target in use.parent.targets
    )


def _callee(names: FileNames, func: ast.expr, scope: Scope) -> _Callee | None:
    if isinstance(func, ast.Call):
        return _returned(_callee(names, func.func, scope))
    if isinstance(func, ast.Name):
        owner = names.scopes.binding_scope(func.id, scope)
        nodes = owner.bindings[func.id] if owner is not None else []
        if nodes and not isinstance(nodes[0], (ast.Import, ast.ImportFrom)):
            return _only(names, nodes)
    found = names.of(func, scope)
    if found is None or not found.name:
        return None
    module = names.meanings.project.find(found.module, names.path)
    holder = names.meanings.file(module.path) if module is not None and module.path else None
    if holder is None:
        return None
    return _only(holder, holder.scopes.module.bindings.get(found.name, []))


def _only(names: FileNames, nodes: list[ast.AST]) -> _Callee | None:
    """The function that a name can mean only; of a class its ``__init__``."""
    node = nodes[0] if len(nodes) == 1 else None
    if getattr(node, "decorator_list", ()):
        return None
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _Callee(names, node)
    if isinstance(node, ast.ClassDef) and not node.keywords:
        made = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
        is_plain = len(made) == 1 and not made[0].decorator_list
        return _Callee(names, made[0], is_bound=True) if is_plain else None
    return None


def _returned(callee: _Callee | None) -> _Callee | None:
    """The inner function that a function such as ``retry(times=2)`` returns."""
    if callee is None or callee.is_bound:
        return None
    last = callee.node.body[-1]
    value = last.value if isinstance(last, ast.Return) else None
    if not isinstance(value, ast.Name):
        return None
    scope = next(s for s in callee.names.scopes.all if s.node is callee.node)
    return _only(callee.names, scope.bindings.get(value.id, []))


def _parameter(callee: _Callee, node: ast.expr, call: ast.Call) -> str | None:
    """The parameter that gets an argument."""
    arguments = callee.node.args
    for keyword in call.keywords:
        if keyword.value is node:
            named = [*arguments.args, *arguments.kwonlyargs]
            return next((p.arg for p in named if p.arg == keyword.arg), None)
    position = call.args.index(node)
    if any(isinstance(argument, ast.Starred) for argument in call.args[:position]):
        return None
    places = [*arguments.posonlyargs, *arguments.args][callee.is_bound :]
    return places[position].arg if position < len(places) else None
