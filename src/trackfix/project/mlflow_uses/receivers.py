"""Which expressions of a file are an MLflow client, or MLflow's own module of functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from trackfix.project.facts.expressions import dotted, is_none, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_NAME, NOTHING, Meaning
from trackfix.project.meaning.scopes import Scope
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import own_nodes

Kind = Literal["client", "fluent"]
Function = ast.FunctionDef | ast.AsyncFunctionDef

FLUENT_MODULES = frozenset({"mlflow", "mlflow.tracking", "mlflow.tracking.fluent"})
_NOT_OF_OBJECTS = frozenset({"classmethod", "staticmethod"})
_CLIENT_NAME = lazy_pattern(r"(?:^|_)(?:client|mlflow|mlclient|mlflowclient)(?:$|_)|mlflow_?client")


class Receiver(NamedTuple):
    """What a method is called on. One that is not ``is_certain`` only goes by such a name."""

    kind: Kind
    is_certain: bool


_CLIENT = Receiver("client", True)
_LIKELY = Receiver("client", False)
_FLUENT = Receiver("fluent", True)


class Receivers:
    """The receivers in one file; ``factories`` are functions that return a client."""

    def __init__(self, names: FileNames, factories: Collection[Meaning] = ()) -> None:
        self.names = names
        self._factories = factories
        self._open: set[ast.AST] = set()
        # ``Literal["none"]`` stands for a name that is asked for on its own way.
        self._bound: dict[tuple[int, str], Receiver | Literal["none"] | None] = {}
        self._attributes: dict[tuple[ast.ClassDef, str], Receiver | None] = {}
        self._members: dict[ast.ClassDef, dict[str, list[ast.Assign | ast.AnnAssign]]] = {}

    def of(self, node: ast.expr | None, scope: Scope) -> Receiver | None:
        """What an expression is when it is evaluated in ``scope``; None for anything else."""
        if isinstance(node, ast.Name):
            found = self._of_name(node, scope)
            return found if found != "none" else None
        if isinstance(node, ast.Attribute):
            return self._of_meaning(self.names.of(node, scope)) or self._of_attribute(node, scope)
        if isinstance(node, ast.Call):
            return self._of_call(node, scope)
        if isinstance(node, (ast.Await, ast.NamedExpr)):
            return self.of(node.value, scope)
        if isinstance(node, ast.IfExp):
            return _joined([self._choice(node.body, scope), self._choice(node.orelse, scope)])
        if isinstance(node, ast.BoolOp):
            return _joined([self._choice(value, scope) for value in node.values])
        return None

    def _choice(self, node: ast.expr, scope: Scope) -> Receiver | Literal["none"] | None:
        """One of several values. A parameter that goes by the name of a client, and is None if it
        is not given, says nothing beside what is taken in its stead."""
        found = self._value(node, scope)
        if not isinstance(node, ast.Name) or found != _LIKELY:
            return found
        owner = self.names.scopes.binding_scope(node.id, scope)
        bindings = owner.bindings.get(node.id, ()) if owner is not None else ()
        given = [isinstance(n, ast.arg) and self._of_binding(n) == "none" for n in bindings]
        return "none" if given and all(given) else found

    def _value(self, node: ast.expr | None, scope: Scope) -> Receiver | Literal["none"] | None:
        """The same, where ``None`` is told from other values."""
        if is_none(node):
            return "none"
        return self._of_name(node, scope) if isinstance(node, ast.Name) else self.of(node, scope)

    def _of_meaning(self, found: Meaning | None) -> Receiver | None:
        is_module = found is not None and not found.name and found.module in FLUENT_MODULES
        return _FLUENT if is_module else None

    def _of_name(self, node: ast.Name, scope: Scope) -> Receiver | Literal["none"] | None:
        owner = self.names.scopes.binding_scope(node.id, scope)
        key = (id(owner), node.id)
        if key not in self._bound:
            self._bound[key] = "none"
            found = self._of_meaning(self.names.of(node, scope))
            if found is None and owner is not None:
                found = _joined([self._of_binding(n) for n in owner.bindings.get(node.id, ())])
            is_value = owner is None or not _is_defined(owner.bindings.get(node.id, ()))
            self._bound[key] = found or (_by_name(node.id) if is_value else None)
        return self._bound[key]

    def _of_binding(self, node: ast.AST) -> Receiver | Literal["none"] | None:
        if isinstance(node, ast.arg):
            if self._is_own_client(node):
                return _CLIENT
            declared = self._of_annotation(node.annotation)
            is_absent = node.annotation is None and self._is_none_by_default(node)
            return "none" if is_absent else declared
        parent = self.names.parents.get(node)
        if not isinstance(node, ast.Name):
            return None
        if isinstance(parent, ast.AnnAssign) and parent.target is node:
            declared = self._of_annotation(parent.annotation)
            return declared or (self._value_at(parent.value, node) if parent.value else "none")
        if isinstance(parent, (ast.Assign, ast.NamedExpr)):
            return self._value_at(parent.value, node)
        if isinstance(parent, ast.withitem) and parent.optional_vars is node:
            return self._value_at(parent.context_expr, node)
        return None

    def _is_own_client(self, parameter: ast.arg) -> bool:
        """Whether a parameter is ``self`` of a class that derives from MLflow's client, and has no
        method before any of that but its own."""
        arguments = self.names.parents[parameter]
        method = self.names.parents[arguments]
        owner = self.names.parents.get(method)
        if not (isinstance(method, Function) and isinstance(owner, ast.ClassDef)):
            return False
        assert isinstance(arguments, ast.arguments)
        is_first = [*arguments.posonlyargs, *arguments.args][:1] == [parameter]
        if not is_first or any(dotted(d) in _NOT_OF_OBJECTS for d in method.decorator_list):
            return False
        scope = self.names.scopes.statement_scopes[owner]
        first = self.names.of(owner.bases[0], scope) if owner.bases else None
        return first is not None and first.is_client

    def is_own_method(self, node: ast.Attribute, scope: Scope) -> bool:
        """Whether ``self.name`` is a method that the class around it defines itself."""
        owner = self._own_class(node, scope)
        return owner is not None and bool(_methods(owner, node.attr))

    def _is_none_by_default(self, parameter: ast.arg) -> bool:
        around = self.names.parents[parameter]
        assert isinstance(around, ast.arguments)
        positional = [*around.posonlyargs, *around.args]
        pairs = [
            *zip(reversed(positional), reversed(around.defaults), strict=False),
            *zip(around.kwonlyargs, around.kw_defaults, strict=True),
        ]
        default = next((value for name, value in pairs if name is parameter), None)
        return is_none(default)

    def _value_at(self, value: ast.expr, node: ast.AST) -> Receiver | Literal["none"] | None:
        return self._value(value, self.names.scope_at(node))

    def _of_annotation(self, node: ast.expr | None) -> Receiver | None:
        """``MlflowClient``, ``MlflowClient | None``, ``Optional[MlflowClient]``, or in quotes."""
        if node is None:
            return None
        text = string_value(node)
        if text is not None:
            return _CLIENT if re.search(rf"\b{CLASS_NAME}\b", text) else None
        if isinstance(node, ast.BinOp):
            return self._of_annotation(node.left) or self._of_annotation(node.right)
        if isinstance(node, ast.Subscript):
            name = (dotted(node.value) or "").rpartition(".")[2]
            if name not in ("Optional", "Union", "Annotated"):
                return None
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return next((found for part in parts if (found := self._of_annotation(part))), None)
        if (dotted(node) or "").rpartition(".")[2] != CLASS_NAME:
            named = self._only_value(node, self.names.scopes.module)
            is_type = isinstance(named, (ast.Subscript, ast.BinOp))
            return self._of_annotation(named) if is_type else None
        meaning = self.names.of(node, self.names.scopes.module)
        is_other = meaning is not None and meaning != NOTHING and not meaning.is_client
        return None if is_other else _CLIENT

    def _only_value(self, node: ast.expr, scope: Scope) -> ast.expr | None:
        """What a name is assigned, if that is all that binds it."""
        if not isinstance(node, ast.Name):
            return None
        owner = self.names.scopes.binding_scope(node.id, scope)
        bindings = owner.bindings.get(node.id, ()) if owner is not None else ()
        parent = self.names.parents.get(bindings[0]) if len(bindings) == 1 else None
        return parent.value if isinstance(parent, (ast.Assign, ast.AnnAssign)) else None

    def _makes_clients(self, node: ast.expr | None, scope: Scope) -> bool:
        """Whether a call of an expression gives a new client."""
        if isinstance(node, ast.Call) and node.args:
            is_partial = self.names.of(node.func, scope) == Meaning("functools", "partial")
            return is_partial and self._makes_clients(node.args[0], scope)
        meaning = self.names.of(node, scope)
        return meaning is not None and (meaning.is_client or meaning in self._factories)

    def _of_call(self, node: ast.Call, scope: Scope) -> Receiver | None:
        if self._makes_clients(node.func, scope):
            return _CLIENT
        if isinstance(node.func, ast.Name):
            owner = self.names.scopes.binding_scope(node.func.id, scope)
            functions = owner.bindings.get(node.func.id, []) if owner is not None else []
            if functions and all(isinstance(part, Function) for part in functions):
                return self._returned(functions)
            if self._makes_clients(self._only_value(node.func, scope), scope):
                return _CLIENT
            return _by_name(node.func.id)
        if isinstance(node.func, ast.Attribute):
            owner_class = self._own_class(node.func, scope)
            if owner_class is not None:
                methods = _methods(owner_class, node.func.attr)
                if methods:
                    return self._returned(methods)
            return _by_name(node.func.attr)
        return None

    def _returned(self, functions: Iterable[ast.AST]) -> Receiver | None:
        """What functions of this file return."""
        found: list[Receiver | Literal["none"] | None] = []
        for function in functions:
            assert isinstance(function, Function)
            declared = self._of_annotation(function.returns)
            if declared is not None or function in self._open:
                found.append(declared)
                continue
            self._open.add(function)
            for node in own_nodes(function.body):
                if isinstance(node, ast.Return) and node.value is not None:
                    scope = self.names.scopes.statement_scopes[node]
                    found.append(self._value(node.value, scope))
            self._open.discard(function)
        return _joined(found)

    def _of_attribute(self, node: ast.Attribute, scope: Scope) -> Receiver | None:
        owner = self._own_class(node, scope)
        if owner is None:
            return _by_name(node.attr)
        key = (owner, node.attr)
        if key not in self._attributes:
            self._attributes[key] = None
            self._attributes[key] = self._of_member(owner, node.attr) or _by_name(node.attr)
        return self._attributes[key]

    def _of_member(self, owner: ast.ClassDef, name: str) -> Receiver | None:
        """What ``self.name`` is, by all that the class itself assigns to it."""
        properties = _methods(owner, name)
        if properties:
            return self._returned(properties)
        found: list[Receiver | Literal["none"] | None] = []
        for node in self._assignments(owner).get(name, ()):
            known = (
                self._of_annotation(node.annotation) if isinstance(node, ast.AnnAssign) else None
            )
            if known is None and node.value is not None:
                found.append(self._value(node.value, self.names.scopes.statement_scopes[node]))
            else:
                found.append(known)
        return _joined(found)

    def _assignments(self, owner: ast.ClassDef) -> dict[str, list[ast.Assign | ast.AnnAssign]]:
        """The statements of a class that assign to a member of it, by the member's name."""
        if owner not in self._members:
            found: dict[str, list[ast.Assign | ast.AnnAssign]] = {}
            for node in ast.walk(owner):
                if isinstance(node, (ast.Assign, ast.AnnAssign)):
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    for name in dict.fromkeys(_member(each, node, owner) for each in targets):
                        found.setdefault(name, []).append(node)
            self._members[owner] = found
        return self._members[owner]

    def _own_class(self, node: ast.Attribute, scope: Scope) -> ast.ClassDef | None:
        """The class in one of whose methods ``self.name`` stands."""
        if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
            return None
        current: Scope | None = scope
        while current is not None:
            if isinstance(current.node, ast.ClassDef):
                return current.node
            current = current.parent
        return None


def _joined(parts: Iterable[Receiver | Literal["none"] | None]) -> Receiver | None:
    """What a value is that comes from several places; nothing is used where it is ``None``."""
    found = [part for part in parts if part != "none"]
    known = [part for part in found if isinstance(part, Receiver)]
    if not known or len({part.kind for part in known}) > 1:
        return None
    is_certain = len(known) == len(found) and all(part.is_certain for part in known)
    return Receiver(known[0].kind, is_certain)


def _is_defined(nodes: Iterable[ast.AST]) -> bool:
    """Whether a name is that of a class, a function or an import."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom)
    return any(isinstance(node, kinds) for node in nodes)


def _by_name(name: str) -> Receiver | None:
    return _LIKELY if _CLIENT_NAME.search(name.lower()) else None


def _methods(owner: ast.ClassDef, name: str) -> list[ast.AST]:
    return [node for node in owner.body if isinstance(node, Function) and node.name == name]


def _member(target: ast.expr, statement: ast.stmt, owner: ast.ClassDef) -> str:
    """The name of the member that is assigned to; empty if it is none."""
    if isinstance(target, ast.Name):
        return target.id if statement in owner.body else ""
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return target.attr if target.value.id in ("self", "cls") else ""
    return ""
