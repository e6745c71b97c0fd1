"""Where a project calls its client factory."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.meaning.scopes import Scope, Use
from trackfix.project.placed import Placed
from trackfix.source.document import Document


@dataclass(frozen=True, eq=False)
class FactoryCall(Placed):
    """A call of the factory, under whatever name; offsets count characters of the document."""

    document: Document
    use: Use
    call: ast.Call
    scope: Scope

    @property
    def span(self) -> tuple[int, int]:
        """Where the call stands."""
        return self.document.span(self.call)


def find_factory_calls(clients: Clients, factory: ClientFactory, path: str) -> list[FactoryCall]:
    """The calls of the factory in one file, in the order of the text."""
    words = {factory.name, factory.definition.name}
    names = clients.file(path, words)
    if names is None or not factory.is_found_from(path, clients.project):
        return []
    words |= {
        alias.asname
        for statement in names.scopes.statement_scopes
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
        if alias.name in words and alias.asname
    }
    found = []
    for use in names.scopes.uses:
        call = use.parent
        outer = use.chain[-1] if use.chain else use.node
        is_call = isinstance(call, ast.Call) and call.func is outer and not use.quoted
        if not is_call or words.isdisjoint((use.name, *use.attributes)):
            continue
        if names.of_use(use) == (factory.definition, len(use.chain)):
            assert isinstance(call, ast.Call)
            found.append(FactoryCall(names.document, use, call, use.scope))
    return sorted(found, key=lambda item: item.span)
