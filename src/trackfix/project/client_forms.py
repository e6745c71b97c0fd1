"""The forms in which code constructs a class that it can name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.client_names import FileNames, Meaning
from trackfix.project.expressions import call_name
from trackfix.project.scopes import Scope

# Calls that call their first argument, sooner or later.
_CALLING = frozenset(
    {"Depends", "Factory", "cache", "cache_resource", "defaultdict", "lru_cache", "map", "submit"}
    | {"to_thread"}
)


@dataclass(frozen=True, eq=False)
class Form:
    """How a class is constructed at one place.

    ``kind`` is ``call``, ``getattr`` (a call of what ``getattr`` gives), ``partial``,
    ``default_factory``, ``handed-on`` (to code that calls it), or ``class-attribute`` (where a
    function would become a method). ``is_whole`` tells that ``call`` is the construction itself.
    """

    kind: str
    call: ast.Call | None = None
    arguments: tuple[ast.expr, ...] = ()
    keywords: tuple[ast.keyword, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the call is the construction, and not only around it."""
        return self.kind in ("call", "getattr", "partial")


def find_form(names: FileNames, node: ast.expr, scope: Scope) -> Form | None:
    """How the class that ``node`` means is constructed there; None when it only is mentioned."""
    parent = names.parents.get(node)
    if isinstance(parent, ast.Call):
        return _in_call(names, node, parent, scope)
    if isinstance(parent, ast.keyword):
        return _in_keyword(names, parent)
    if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
        return _in_attribute(names, parent, scope)
    if isinstance(parent, ast.arguments):
        return _in_parameter(names, node, parent)
    return None


def _in_call(names: FileNames, node: ast.expr, call: ast.Call, scope: Scope) -> Form | None:
    if call.func is node:
        kind = "getattr" if isinstance(node, ast.Call) else "call"
        return Form(kind, call, tuple(call.args), tuple(call.keywords))
    if not call.args or call.args[0] is not node:
        is_run = _last_name(call) == "run_in_executor" and call.args[1:2] == [node]
        return Form("handed-on", call) if is_run else None
    if names.of(call.func, scope) == Meaning("functools", "partial"):
        return Form("partial", call, tuple(call.args[1:]), tuple(call.keywords))
    return Form("handed-on", call) if _last_name(call) in _CALLING else None


def _in_keyword(names: FileNames, keyword: ast.keyword) -> Form | None:
    call = names.parents.get(keyword)
    name = keyword.arg or ""
    if not isinstance(call, ast.Call) or not (name == "factory" or name.endswith("_factory")):
        return None
    callee = _last_name(call)
    # These only keep what they are given.
    if "Mock" in callee or callee in ("dict", "SimpleNamespace", "multiple", "create_autospec"):
        return None
    return Form("default_factory" if name == "default_factory" else "handed-on", call)


def _in_attribute(
    names: FileNames, assignment: ast.Assign | ast.AnnAssign, scope: Scope
) -> Form | None:
    """``client_class = MlflowClient`` in a class, or ``self.make = MlflowClient``, where the class
    calls it."""
    owner = scope
    while owner.kind != "class":
        if owner.parent is None:
            return None
        owner = owner.parent
    assert isinstance(owner.node, ast.ClassDef)
    targets = assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]
    called = set(_called_attributes(owner.node))
    for target in targets:
        if scope is owner and isinstance(target, ast.Name) and target.id in called:
            return Form("class-attribute")
        if (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == "self"
            and target.attr in called
        ):
            return Form("handed-on")
    return None


def _called_attributes(node: ast.ClassDef) -> Iterator[str]:
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


def _in_parameter(names: FileNames, node: ast.expr, arguments: ast.arguments) -> Form | None:
    """``def f(make=MlflowClient): make()``"""
    function = names.parents.get(arguments)
    name = _parameter_of(node, arguments)
    scope = next((s for s in names.scopes.all if s.node is function), None)
    if scope is None or name is None or len(scope.bindings.get(name, ())) != 1:
        return None
    called = any(
        isinstance(use.parent, ast.Call) and use.parent.func is use.node
        for use in names.scopes.uses_of(name, scope)
    )
    return Form("handed-on") if called else None


def _parameter_of(node: ast.expr, arguments: ast.arguments) -> str | None:
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    pairs = [
        *zip(with_default, arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((parameter.arg for parameter, default in pairs if default is node), None)


def _last_name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
