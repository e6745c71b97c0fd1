"""The forms in which code constructs a class that it can name."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from trackfix.project.clients.takers import call_takes, called_attributes, parameter_is_called
from trackfix.project.facts.expressions import last_call_name
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.meaning.scopes import Scope, Use

# Calls that call their first argument, sooner or later.
_CALLING = frozenset(
    {"Depends", "Factory", "cache", "cache_resource", "defaultdict", "lru_cache", "map", "submit"}
    | {"to_thread"}
)
# Why a function can't stand where a class does, by the kind of form.
_NO_FUNCTION = {
    "class-attribute": "a function in its place would become a method of the class",
    "class-parameter": "the parameter that takes it is declared to be a class",
}
# Calls whose result does so.
_MAKING_CALLERS = frozenset({"lru_cache"})


@dataclass(frozen=True, eq=False)
class Form:
    """How a class is constructed at one place.

    ``kind`` is ``call``, ``getattr`` (a call of what ``getattr`` gives), ``partial``,
    ``default_factory``, ``handed-on`` (to code that calls it), ``kept`` (by code that calls it, and
    that may be asked for it), ``class-attribute`` (where a function would become a method), or
    ``class-parameter`` (that is declared to be a class).
    ``is_whole`` tells that ``call`` is the construction itself.
    """

    kind: str
    call: ast.Call | None = None
    arguments: tuple[ast.expr, ...] = ()
    keywords: tuple[ast.keyword, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the call is the construction, and not only around it."""
        return self.kind in ("call", "getattr", "partial")

    @property
    def obstacle(self) -> str:
        """Why no function can stand there; empty when one can."""
        return _NO_FUNCTION.get(self.kind, "")


# What functions of the project do with what they are given.
_TAKEN = {
    "calls": Form("handed-on"),
    "keeps": Form("kept"),
    "declares": Form("class-parameter"),
}


def find_form(names: FileNames, node: ast.expr, scope: Scope) -> Form | None:
    """How the class that ``node`` means is constructed there; None when it only is mentioned."""
    parent = names.parents.get(node)
    if isinstance(parent, ast.Call):
        return _in_call(names, node, parent, scope)
    if isinstance(parent, ast.keyword):
        return _in_keyword(names, parent, scope)
    if isinstance(parent, (ast.BoolOp, ast.IfExp, ast.Dict)):
        return _in_choice(names, node, scope)
    if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
        return _in_attribute(parent, scope)
    if isinstance(parent, ast.arguments):
        return _in_parameter(names, node, parent)
    return None


def _in_call(names: FileNames, node: ast.expr, call: ast.Call, scope: Scope) -> Form | None:
    if call.func is node:
        kind = "getattr" if isinstance(node, ast.Call) else "call"
        return Form(kind, call, tuple(call.args), tuple(call.keywords))
    if call.args[:1] == [node]:
        if names.of(call.func, scope) == Meaning("functools", "partial"):
            return Form("partial", call, tuple(call.args[1:]), tuple(call.keywords))
        if last_call_name(call) == "staticmethod":
            return _in_static_method(names, call, scope)
        if last_call_name(call) in _CALLING or last_call_name(call.func) in _MAKING_CALLERS:
            return Form("handed-on", call)
    if last_call_name(call) == "run_in_executor" and call.args[1:2] == [node]:
        return Form("handed-on", call)
    return _TAKEN.get(call_takes(names, node, call, scope))


def _in_static_method(names: FileNames, call: ast.Call, scope: Scope) -> Form | None:
    """``make = staticmethod(MlflowClient)`` in a class that calls it."""
    assignment = names.parents.get(call)
    if not isinstance(assignment, ast.Assign) or not isinstance(scope.node, ast.ClassDef):
        return None
    called = set(called_attributes(scope.node))
    made = {target.id for target in assignment.targets if isinstance(target, ast.Name)}
    return Form("kept") if made & called else None


def _in_keyword(names: FileNames, keyword: ast.keyword, scope: Scope) -> Form | None:
    call = names.parents.get(keyword)
    name = keyword.arg or ""
    if not isinstance(call, ast.Call):
        return None
    if not _is_factory(name):
        return _TAKEN.get(call_takes(names, keyword.value, call, scope))
    callee = last_call_name(call)
    # These only keep what they are given.
    if "Mock" in callee or callee in ("dict", "SimpleNamespace", "multiple", "create_autospec"):
        return None
    return Form("default_factory" if name == "default_factory" else "handed-on", call)


def _in_attribute(assignment: ast.Assign | ast.AnnAssign, scope: Scope) -> Form | None:
    """``client_class = MlflowClient`` in a class, or ``self.make = MlflowClient``, where the class
    calls it."""
    owner = scope
    while owner.kind != "class":
        if owner.parent is None:
            return None
        owner = owner.parent
    assert isinstance(owner.node, ast.ClassDef)
    targets = assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]
    called = set(called_attributes(owner.node))
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


def _in_parameter(names: FileNames, node: ast.expr, arguments: ast.arguments) -> Form | None:
    """``def f(make=MlflowClient): make()``"""
    function = names.parents.get(arguments)
    name = _parameter_of(node, arguments)
    taken = parameter_is_called(names, function, name) if function is not None and name else ""
    return _TAKEN.get(taken)


def _in_choice(names: FileNames, node: ast.expr, scope: Scope) -> Form | None:
    """``(make or MlflowClient)()`` and ``{"mlflow": MlflowClient}[kind]()``: one of several is
    called, at once, or by the name or the attribute that the choice gets."""
    whole: ast.expr = node
    outer = names.parents.get(node)
    while _chooses(outer, whole):
        assert isinstance(outer, ast.expr)
        whole, outer = outer, names.parents.get(outer)
    if isinstance(outer, (ast.Assign, ast.AnnAssign)) and outer.value is whole:
        if _is_called_by_name(names, outer):
            return Form("kept")
        return None if isinstance(whole, ast.Dict) else _in_attribute(outer, scope)
    is_called = isinstance(outer, ast.Call) and outer.func is whole
    return Form("handed-on") if is_called and not isinstance(whole, ast.Dict) else None


def _is_called_by_name(names: FileNames, assignment: ast.Assign | ast.AnnAssign) -> bool:
    """Whether the file calls what it has given a name, or an item of that: ``MAKERS[kind]()``."""
    targets = assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]
    for target in targets:
        name = target.id if isinstance(target, ast.Name) else ""
        owner = names.scopes.binding_scope(name, names.scope_at(target))
        for use in names.scopes.uses_of(name, owner) if owner is not None else ():
            called: ast.AST | None = use.node
            if isinstance(assignment.value, ast.Dict):
                called = _item_of(use, names)
            call = names.parents.get(called) if called is not None else None
            if isinstance(call, ast.Call) and call.func is called:
                meaning, _ = names.of_use(use)
                # A choice that can only be the class is constructed where it is called.
                return meaning is None or not meaning.is_client
    return False


def _item_of(use: Use, names: FileNames) -> ast.AST | None:
    """``MAKERS[kind]`` or ``MAKERS.get(kind)`` around a use of a dictionary."""
    if use.chain:
        call = names.parents.get(use.chain[0])
        is_asked = use.attributes == ("get",) and isinstance(call, ast.Call)
        return call if is_asked else None
    item = names.parents.get(use.node)
    return item if isinstance(item, ast.Subscript) and item.value is use.node else None


def _chooses(outer: ast.AST | None, part: ast.expr) -> bool:
    """Whether an expression may have the value of a part of it; of a dictionary an item has."""
    if isinstance(outer, ast.Subscript):
        return isinstance(part, ast.Dict) and outer.value is part
    if isinstance(outer, ast.Dict):
        return part in outer.values
    is_choice = isinstance(outer, ast.BoolOp) or (
        isinstance(outer, ast.IfExp) and part is not outer.test
    )
    return is_choice and not isinstance(part, ast.Dict)


def _is_factory(name: str) -> bool:
    return name == "factory" or name.endswith("_factory")


def _parameter_of(node: ast.expr, arguments: ast.arguments) -> str | None:
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    pairs = [
        *zip(with_default, arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((parameter.arg for parameter, default in pairs if default is node), None)
