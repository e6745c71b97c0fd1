"""The client factory that takes over: what it lacks, and where it looks the class up."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from trackfix.project.clients.constructions import Clients, Construction
from trackfix.project.clients.factory import LIBRARY_FACTORY
from trackfix.project.clients.factory_calls import find_factory_calls
from trackfix.project.clients.factory_finder import find_client_factory
from trackfix.project.clients.undefined import find_undefined
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_NAME
from trackfix.project.modules.resolution import Resolver
from trackfix.rewrite.codemod import Skipped
from trackfix_codemods.clients.groups import Lookup
from trackfix_codemods.clients.patches import accepts_arguments, asserts_arguments, mock_uses
from trackfix_codemods.clients.recursion import FactoryBody
from trackfix_codemods.clients.references import find_references
from trackfix_codemods.clients.sites import first_lookup, lookup
from trackfix_codemods.clients.widening import Widening, widen

# Where the library's own factory looks the class up.
_LIBRARY_LOOKUP = ("mlflow.tracking", CLASS_NAME)


class Takeover:
    """The factory of one project, widened when that is asked for.

    ``needing`` are the sites for which it must be widened, by file and line. ``left_alone`` are
    the calls of the factory for which it isn't, although that was asked for.
    """

    def __init__(self, clients: Clients, resolver: Resolver) -> None:
        self.clients = clients
        self.factory = resolver.analysis(find_client_factory)
        self.needing: set[tuple[str, int]] = set()
        self.widening = Widening(self.factory)
        self.left_alone: list[Skipped] = []
        self._waiting: list[tuple[str, int]] = []
        self._body = FactoryBody(clients, self.factory)

    @property
    def words(self) -> frozenset[str]:
        """The words of which one stands in every file that can matter."""
        own = {CLASS_NAME, self.factory.name, self.factory.definition.name}
        return self.clients.words | own

    def constructions(self, path: str) -> list[Construction]:
        """The constructions in one file that are not the factory's own."""
        return [
            found
            for found in self.clients.constructions(path)
            if not self.factory.holds(found) and not self._body.holds(found)
        ]

    def lookup(self) -> Lookup | None:
        """Where the factory looks the class up when it is called."""
        if not self.factory.path and self.factory.definition == LIBRARY_FACTORY:
            return _LIBRARY_LOOKUP
        found = {lookup(names, item) for names, item in self._own_constructions()}
        return found.pop() if len(found) == 1 else None

    @property
    def goes_by_attribute(self) -> bool:
        """Whether the factory takes the class from a module object: ``mlflow.MlflowClient``."""
        return any(isinstance(item.callee, ast.Attribute) for _, item in self._own_constructions())

    def sources(self) -> set[Lookup]:
        """Where the modules of the factory take the class from when they are loaded."""
        found = (first_lookup(names, item) for names, item in self._own_constructions())
        return {place for place in found if place is not None}

    def _own_constructions(self) -> Iterator[tuple[FileNames, Construction]]:
        for path in {path for path, _, _ in self.factory.inner}:
            names = self.clients.file(path, self.words)
            for item in self.clients.constructions(path) if names is not None else ():
                if names is not None and self.factory.holds(item):
                    yield names, item

    @property
    def home(self) -> Lookup:
        """Where files import the factory from."""
        found = self.clients.project.find(self.factory.module)
        path = found.path if found is not None else ""
        return path or self.factory.module, self.factory.name

    @property
    def is_awaited(self) -> bool:
        """Whether calls of the factory fail until it is widened."""
        return bool(self._waiting)

    def widen(self, paths: Iterable[str]) -> None:
        """Add to the factory what constructions and calls give and it does not accept."""
        if not self.factory.is_complete:
            return
        lacking = {name for path in paths for name in self._lacking(path)}
        watched = self._watched(lacking) if lacking else ""
        if lacking and not watched:
            self.widening = widen(self.clients, self.factory, lacking)
            self.factory = self.widening.factory
        if lacking and not self.widening.edits:
            name = self.factory.name
            reason = watched or f"{name} can't just hand it on to the class"
            self.factory = self.factory._replace(closed=reason)
            self.left_alone += [
                Skipped(path, line, f"{name}: {reason}") for path, line in self._waiting
            ]

    def _lacking(self, path: str) -> set[str]:
        """What the code of one file would give to the factory, and it does not accept."""
        factory = self.factory
        fits = [
            (item.start[0], factory.fit(item.arguments, item.keywords))
            for item in self.constructions(path)
        ]
        fits += [
            (name.start[0], factory.fit(name.call.args, name.call.keywords))
            for name in find_undefined(self.clients, path, (CLASS_NAME,))
            if name.call is not None
        ]
        # What can't be told apart may be what is added: MlflowClient(*arguments).
        self.needing.update((path, line) for line, fit in fits if fit.obstacle)
        refused = {name for _, fit in fits for name in fit.refused}
        given: set[str] = set()
        for found in find_factory_calls(self.clients, factory, path):
            assert factory.signature is not None
            unaccepted = factory.signature.unaccepted(found.call.keywords)
            lacking = list(filter(factory.signature.lacks, unaccepted))
            given.update(lacking)
            if lacking:
                self._waiting.append((path, found.start[0]))
        return refused | given

    def _watched(self, added: Collection[str]) -> str:
        """Where a test asks with which arguments the factory constructs the class, or has a double
        of its own that does not take what is to be added; empty for nowhere."""
        where = self.lookup()
        if where is None:
            return ""
        module, name = where
        for patch in find_references(self.clients, {module: {name}}):
            if patch.kind not in ("patch", "assign"):
                continue
            if accepts_arguments(patch, added) is False:
                return f"{patch.place} patches {name} of {module}: the double may not accept more"
            if asserts_arguments(patch) and mock_uses(patch):
                return f"{patch.place} asks with which arguments {name} of {module} is called"
        return ""
