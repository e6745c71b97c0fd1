"""What a client factory calls on its way to the class: there it can't be called itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.clients.constructions import Clients, Construction
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Use


class FactoryBody:
    """The definitions that the factory uses, directly or through each other."""

    def __init__(self, clients: Clients, factory: ClientFactory) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._files: dict[str, FileNames | None] = {}
        self._clients = clients
        # One that only passes its arguments on calls nothing else.
        if factory.path and not factory.passes_on:
            self._follow(factory.path, factory.definition.name)

    def holds(self, construction: Construction) -> bool:
        """Whether a construction may be executed when the factory is called."""
        start, end = construction.span
        spans = self._spans.get(construction.path, ())
        return any(first <= start and end <= last for first, last in spans)

    def _follow(self, path: str, name: str) -> None:
        wanted = [(path, name)]
        done = set(wanted)
        while wanted:
            for found in self._used_by(*wanted.pop()):
                if found not in done:
                    done.add(found)
                    wanted.append(found)

    def _used_by(self, path: str, name: str) -> Iterator[tuple[str, str]]:
        if path not in self._files:
            self._files[path] = self._clients.meanings.file(path)
        names = self._files[path]
        if names is None:
            return
        nodes = names.scopes.module.bindings.get(name, ())
        statements = [names.statement(n) for n in nodes]
        spans = [
            names.document.span(statement)
            for statement in statements
            if not isinstance(statement, (ast.Import, ast.ImportFrom))
        ]
        self._spans.setdefault(path, []).extend(spans)
        for use in names.scopes.uses:
            if any(first <= use.start < last for first, last in spans):
                yield from self._definition(names, use)

    def _definition(self, names: FileNames, use: Use) -> Iterator[tuple[str, str]]:
        if names.scopes.binding_scope(use.name, use.scope) is names.scopes.module:
            yield names.path, use.name
        meaning, _ = names.of_use(use)
        if meaning is not None and meaning.name:
            found = self._clients.project.find(meaning.module, names.path)
            if found is not None and found.path:
                yield found.path, meaning.name
