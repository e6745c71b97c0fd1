"""Finds the functions that return a new client."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from trackfix.project.clients.kept_clients import KeptClients
from trackfix.project.clients.maker import Maker
from trackfix.project.clients.passed_arguments import PassedArguments, values_of
from trackfix.project.clients.signature import CLASS_PARAMETERS, Signature, read_parameters
from trackfix.project.facts.expressions import call_name, dotted, is_none
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import NOTHING, Meaning
from trackfix.source.document import Document
from trackfix.source.syntax_index import own_nodes

_SINGLETON = "singleton"
_CACHES = frozenset({"cache", "cached", "cache_resource", "lru_cache", _SINGLETON})
_RETRIES = frozenset({"on_exception", "retry"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def may_have_makers(document: Document, words: Collection[str]) -> bool:
    """Whether a function at the top of a module seems to return what goes by one of ``words``."""
    return any(_names_any(document, node, words) for node in _top_functions(document.tree.body))


def _top_functions(body: Sequence[ast.AST]) -> Iterator[ast.FunctionDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node
        elif not isinstance(node, (ast.AsyncFunctionDef, ast.ClassDef)):
            for field in ("body", "orelse", "handlers", "finalbody", "cases"):
                yield from _top_functions(getattr(node, field, ()))


def _names_any(document: Document, function: ast.FunctionDef, words: Collection[str]) -> bool:
    start, end = document.span(function)
    text = document.code[start:end]
    return "return " in text and any(word in text for word in words)


def find_makers(
    names: FileNames, known: Mapping[tuple[str, str], Maker], words: Collection[str]
) -> Iterator[Maker]:
    """The makers in one file that construct the class, or call a known maker; one of ``words``
    stands in each."""
    module = names.scopes.module
    for statement, scope in names.scopes.statement_scopes.items():
        if scope is not module or not isinstance(statement, ast.FunctionDef):
            continue
        if not _names_any(names.document, statement, words):
            continue
        maker = _Reading(names, statement, known).maker(Meaning(names.module, statement.name))
        if maker is None or names.of_name(statement.name, module) != maker.meaning:
            continue
        others = (node for node in module.bindings[statement.name] if node is not statement)
        if all(isinstance(n, ast.FunctionDef) and _is_overload(n) for n in others):
            yield maker


def read_maker(names: FileNames, node: ast.FunctionDef, meaning: Meaning) -> Maker:
    """A function that the settings call a maker, whatever it does."""
    found = _Reading(names, node, {}).maker(meaning)
    if found is not None:
        return found
    parameters = read_parameters(node)
    own = {p.name: p.name for p in parameters if p.name in CLASS_PARAMETERS}
    span = names.document.span(node)
    signature = Signature(parameters, own)
    return Maker(meaning, names.path, node, names.line(node), span, signature, False, False)


class _Reading:
    def __init__(
        self,
        names: FileNames,
        node: ast.FunctionDef,
        known: Mapping[tuple[str, str], Maker],
    ) -> None:
        self.names = names
        self.node = node
        self.known = known
        self.scope = next(s for s in names.scopes.all if s.node is node)
        self.parameters = read_parameters(node)
        self.through: Maker | None = None

    def maker(self, meaning: Meaning) -> Maker | None:
        decorators = [_last_name(decorator) for decorator in self.node.decorator_list]
        if not all(name in _CACHES | _RETRIES for name in decorators):
            return None
        calls = self.returned()
        if not calls:
            return None
        call = calls[0] if len(calls) == 1 else None
        passed = PassedArguments(self.names, self.node, self.scope, self.parameters, self.through)
        receives = passed.received(calls)
        passes_on = call is not None and not decorators and passed.passes_on(call)
        kept = KeptClients([*own_nodes(self.node.body)], self.scope)
        values = [value for call in calls for value, _ in values_of(call)]
        heeds_first = (
            _SINGLETON in decorators
            or (self.through is not None and self.through.signature.heeds_first)
            or kept.heed_first({*receives.values(), *kept.made_with(values)})
        )
        keeps = (
            not _CACHES.isdisjoint(decorators)
            or (self.through is not None and self.through.keeps)
            or kept.may_be_returned
        )
        return Maker(
            meaning,
            self.names.path,
            self.node,
            self.names.line(self.node),
            self.names.document.span(self.node),
            Signature(
                self.parameters,
                receives,
                passed.passes_all(calls, "var-positional"),
                passed.passes_all(calls, "var-keyword"),
                heeds_first,
            ),
            passes_on,
            self.works(),
            keeps or heeds_first,
            not receives and not passes_on and self.decides(calls),
            self.through,
        )

    def returned(self) -> list[ast.Call]:
        """The constructions that are returned; empty when anything else may be as well."""
        calls: list[ast.Call] = []
        for node in own_nodes(self.node.body):
            if isinstance(node, (ast.Yield, ast.YieldFrom)):
                return []
            if isinstance(node, ast.Return):
                found = self.constructions(node.value)
                if not found:
                    return []
                calls += [call for call in found if call not in calls]
        return calls if _never_falls_off(self.node.body) else []

    def decides(self, calls: Sequence[ast.Call]) -> bool:
        """Whether it, or what it calls for that, gives the class arguments of its own."""
        is_given = any(call.args or call.keywords for call in calls)
        return is_given or (self.through is not None and self.through.is_for_one_store)

    def works(self) -> bool:
        """Whether a method of what is returned is called."""
        nodes = [*own_nodes(self.node.body)]
        values = (node.value for node in nodes if isinstance(node, ast.Return))
        returned = {value.id for value in values if isinstance(value, ast.Name)}
        methods = (call_name(node) or "" for node in nodes if isinstance(node, ast.Call))
        return any(method.partition(".")[0] in returned for method in methods)

    def constructions(self, value: ast.expr | None) -> list[ast.Call]:
        """The constructions that a value may come from; empty when it may come from elsewhere."""
        if isinstance(value, ast.Call):
            return [value] if self.constructs(value) else []
        if isinstance(value, ast.IfExp):
            parts = [self.constructions(part) for part in (value.body, value.orelse)]
            return [call for part in parts for call in part] if all(parts) else []
        return self.assigned(value.id) if isinstance(value, ast.Name) else []

    def assigned(self, name: str) -> list[ast.Call]:
        """The constructions that are assigned to a name; empty when anything else is as well."""
        owner = self.names.scopes.binding_scope(name, self.scope)
        if owner not in (self.scope, self.names.scopes.module) or owner is None:
            return []
        calls: list[ast.Call] = []
        for node in owner.bindings[name]:
            if isinstance(node, ast.AnnAssign):
                continue
            assignment = self.names.parents.get(node)
            plain = isinstance(assignment, ast.AnnAssign) or (
                isinstance(assignment, ast.Assign) and node in assignment.targets
            )
            value = getattr(assignment, "value", None) if plain else None
            # A client that a module keeps is None before the first call.
            if owner is not self.scope and is_none(value):
                continue
            found = self.constructions(value) if not isinstance(value, ast.Name) else []
            if not found or any(not self.holds(call) for call in found):
                return []
            calls += found
        return calls

    def holds(self, node: ast.AST) -> bool:
        current: ast.AST | None = node
        while current is not None and current is not self.node:
            current = self.names.parents.get(current)
        return current is self.node

    def constructs(self, call: ast.Call) -> bool:
        scope = self.names.scope_at(call)
        found = self.names.of(call.func, scope)
        if found is None or found == NOTHING:
            return False
        maker = self.known.get((found.module, found.name))
        if maker is not None:
            self.through = maker
        return found.is_client or maker is not None


def _is_overload(node: ast.FunctionDef) -> bool:
    return any(_last_name(decorator) == "overload" for decorator in node.decorator_list)


def _never_falls_off(body: Sequence[ast.stmt]) -> bool:
    """Whether a block ends with a ``return`` or an exception, whatever happens in it."""
    last = body[-1] if body else None
    if isinstance(last, (ast.Return, ast.Raise)):
        return True
    if isinstance(last, ast.If):
        return _never_falls_off(last.body) and _never_falls_off(last.orelse)
    if isinstance(last, ast.With):
        managers = [_last_name(item.context_expr) for item in last.items]
        return "suppress" not in managers and _never_falls_off(last.body)
    if isinstance(last, ast.Try):
        tried = _never_falls_off(last.orelse or last.body)
        handled = all(_never_falls_off(handler.body) for handler in last.handlers)
        return (tried and handled) or _never_falls_off(last.finalbody)
    return False


def _last_name(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    return (dotted(function) or "").rpartition(".")[2]
