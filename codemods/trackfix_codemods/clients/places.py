"""Where one file is to import the client factory."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.clients.factory import ClientFactory
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.load_order import LoadOrder, too_early
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement
from trackfix.project.meaning.scopes import Scope
from trackfix_codemods.clients.guards import ON_CONDITION, ImportGuards
from trackfix_codemods.clients.sites import Site, root_of
from trackfix_codemods.imports.layout import ImportLayout

_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, eq=False)
class Place:
    """Where an import of the factory goes: ``beside`` another import, or first of all in the body
    of ``inside``."""

    scope: Scope
    beside: Statement | None = None
    inside: ast.FunctionDef | ast.AsyncFunctionDef | ast.Module | None = None


class Places:
    """Finds the places for the sites of one file, or says of a site why there is none.

    ``local`` is the name that the factory has there, ``known`` the one by which the module had it
    before, and ``at_module`` tells that the module itself binds it.
    """

    def __init__(
        self,
        names: FileNames,
        factory: ClientFactory,
        graph: ImportGraph,
        layout: ImportLayout,
        *,
        unsafe: bool,
    ) -> None:
        self.names = names
        self.module = names.scopes.module
        self.tree = names.document.tree
        self.factory = factory
        self.graph = graph
        self.layout = layout
        self.unsafe = unsafe
        self.guards = ImportGuards(names, factory, unsafe=unsafe)
        self.known = self._known()
        self.local = self.known or factory.name
        self.found: list[Place] = []

    @property
    def at_module(self) -> bool:
        """Whether the factory is, or will be, a name of the module."""
        return self.known is not None or any(p.scope is self.module for p in self.found)

    @property
    def in_functions(self) -> bool:
        """Whether functions will import the factory each time that they run."""
        return any(place.scope is not self.module for place in self.found)

    def find(self, sites: Iterable[Site]) -> None:
        """Find a place for each site that has no obstacle yet."""
        open_sites = [site for site in sites if not site.obstacle]
        for site in open_sites:
            site.obstacle = self._conflict(site) or self.guards.condition(site)
        self.guards.keep_what_tells_of_mlflow([s for s in open_sites if not s.obstacle])
        rest = [s for s in open_sites if not s.obstacle and not self._is_bound(s)]
        if self.names.path == self.factory.path:
            # A module can't import from itself what it has yet to define.
            for site in rest:
                site.obstacle = f"{self.factory.name} is defined later, or on some condition only"
            return
        failing = self._breaks_in_front() if rest else ""
        if failing:
            for site in rest:
                site.obstacle = too_early(self.factory.module, failing)
            return
        inner = [s for s in rest if s.anchors and self._scope_of(s) is not self.module]
        outer = [s for s in rest if s not in inner]
        if outer and not self._comes_too_early:
            self._place_at_module(outer)
        # An import at the top makes those within functions needless.
        is_there = any(p.scope is self.module and self._is_outright(p) for p in self.found)
        for site in inner:
            for anchor in site.anchors:
                if not is_there or len(self.layout.suite(anchor)) == 1:
                    self._add(Place(self._scope_of(site), anchor))
        for site in outer:
            if not self._is_reached_from_inside(site) and self._comes_too_early:
                self._place_in_function(site)

    # What is there already

    def _known(self) -> str | None:
        """A name by which the module has the factory already, on any condition."""
        words = {self.factory.name, self.factory.definition.name}
        words |= {
            alias.asname
            for node, scope in self.names.scopes.statement_scopes.items()
            if isinstance(node, ast.ImportFrom) and scope is self.module
            for alias in node.names
            if alias.asname and alias.name in words
        }
        for word in sorted(words & self.module.bindings.keys(), key=lambda w: (len(w), w)):
            nodes = self.module.bindings[word]
            outright = any(self.names.parents.get(node) is self.tree for node in nodes)
            if outright and self.names.of_name(word, self.module) == self.factory.definition:
                return word
        return None

    def _conflict(self, site: Site) -> str:
        owner = self.names.scopes.binding_scope(self.local, site.scope)
        if owner is None:
            return f"a star import may bind {self.local}" if self._is_starred() else ""
        if owner is self.module and self._is_for_checkers():
            return ""
        if self.names.of_name(self.local, site.scope) != self.factory.definition:
            return f"{self.local} means something else here"
        return ""

    def _is_for_checkers(self) -> bool:
        """Whether the module imports the factory for type checkers, and for nobody else."""
        nodes = self.module.bindings[self.local]
        return all(
            isinstance(node, ast.ImportFrom)
            and self.names.is_for_checkers(node)
            and self.names.target(node) == self.factory.module
            for node in nodes
        )

    def _is_starred(self) -> bool:
        """Whether a star import of a module of the project may bind the name."""
        meanings, path = self.names.meanings, self.names.path
        for _, target in self.names.star_modules():
            if meanings.project.find(target, path) is not None:
                given = meanings.resolver.star_names(target, path)
                if given is None or self.local in given:
                    return True
        return False

    def _is_bound(self, site: Site) -> bool:
        """Whether the name means the factory already where a site stands, and in time."""
        owner = self.names.scopes.binding_scope(self.local, site.scope)
        if owner is None:
            return False
        nodes = [node for node in owner.bindings[self.local] if isinstance(node, ast.stmt)]
        if owner is self.module and site.is_late:
            return any(self.names.parents.get(node) is self.tree for node in nodes)
        return any(self._comes_first(node, site.target) for node in nodes)

    def _scope_of(self, site: Site) -> Scope:
        return self.names.scopes.statement_scopes[site.anchors[0]]

    def _is_reached_from_inside(self, site: Site) -> bool:
        """Whether a local import of another site binds the name for this one; that it may come
        too late is an obstacle."""
        around: list[Scope] = []
        scope: Scope | None = site.scope
        while scope is not None and scope is not self.module:
            around.append(scope)
            scope = scope.parent
        local = [p.beside for p in self.found if p.scope in around and p.beside is not None]
        if local and not any(self._comes_first(node, site.target) for node in local):
            site.obstacle = f"{self.local} is bound by a local import there, perhaps too late"
        return bool(local)

    def _comes_first(self, statement: ast.stmt, node: ast.AST) -> bool:
        """Whether a statement is executed before ``node`` in any case."""
        around: set[ast.AST] = set()
        current: ast.AST | None = node
        while current is not None:
            around.add(current)
            current = self.names.parents.get(current)
        done = statement
        while True:
            suite = self.layout.suite(done)
            if not around.isdisjoint(suite[suite.index(done) + 1 :]):
                return True
            outer = self.names.parents[done]
            if isinstance(outer, ast.Try) and done in outer.body:
                if not all(isinstance(handler.body[-1], _ENDS) for handler in outer.handlers):
                    return False
            elif not isinstance(outer, (ast.With, ast.AsyncWith)):
                return False
            assert isinstance(outer, ast.stmt)
            done = outer

    # New places

    def _add(self, place: Place) -> None:
        key = (place.beside, place.inside)
        if all((other.beside, other.inside) != key for other in self.found):
            self.found.append(place)

    @cached_property
    def _comes_too_early(self) -> bool:
        """Whether the factory can't be imported while this file is."""
        if not self.factory.path:
            return False
        return self.graph.half_loaded(self.names.path, self.factory.module)

    def _breaks_in_front(self) -> str:
        """The import that fails when this file imports the factory before all else."""
        if not self.factory.path or self.factory.path in self.graph.loads(self.names.path):
            return ""
        order = self.names.meanings.resolver.analysis(LoadOrder)
        return order.breaks(self.names.path, 0, self.factory.module, eager=True)

    def _is_outright(self, place: Place) -> bool:
        return place.beside is None or place.beside in self.tree.body

    def _place_at_module(self, sites: list[Site]) -> None:
        outright = [a for site in sites for a in site.anchors if a in self.tree.body]
        first = min(outright, key=lambda node: node.lineno, default=None)
        conditional = [s for s in sites if s.anchors and not any(a in outright for a in s.anchors)]
        lifted = self.unsafe and self._place_for_all(conditional)
        for site in sites:
            mine = [anchor for anchor in site.anchors if anchor in self.tree.body]
            if site.anchors and not mine:
                if not lifted:
                    self._place_on_condition(site)
            elif first is not None and (site.is_late or self._comes_first(first, site.target)):
                self._add(Place(self.module, first))
            elif mine:
                self._place_in_time(site, mine)
            else:
                self._place_freely(site)

    def _place_in_time(self, site: Site, anchors: Iterable[Statement]) -> None:
        """Beside the import that a site needs when the file is imported. It may come later than the
        site where a star import gives the class before."""
        beside = next((a for a in anchors if self._comes_first(a, site.target)), None)
        if beside is None:
            site.obstacle = f"no import that {self.local} could stand beside comes before it"
        else:
            self._add(Place(self.module, beside))

    def _place_for_all(self, sites: list[Site]) -> bool:
        """One import at the top instead of one in each branch, when one of them is executed in any
        case. Where a branch has nothing else, the import of the factory replaces that there."""
        if not any(self._is_in_each_branch(site.anchors) for site in sites):
            return False
        if any(len(self.layout.suite(anchor)) == 1 for s in sites for anchor in self._leaving(s)):
            return False
        first = min(sites, key=lambda site: self.names.document.span(site.target))
        self._place_freely(first)
        return not first.obstacle

    def _leaving(self, site: Site) -> tuple[Statement, ...]:
        """The imports that nothing needs once a site has changed, as far as can be seen."""
        root = root_of(site.target)
        nodes = self.module.bindings.get(root.id, []) if root is not None else []
        is_only_imported = all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes)
        return site.anchors if is_only_imported else ()

    def _is_in_each_branch(self, anchors: Iterable[Statement]) -> bool:
        """Whether an ``if`` of the module has one of some statements in each branch."""
        own = set(anchors)

        def covers(node: ast.If) -> bool:
            inner = node.orelse[0] if len(node.orelse) == 1 else None
            rest = covers(inner) if isinstance(inner, ast.If) else not own.isdisjoint(node.orelse)
            return rest and not own.isdisjoint(node.body)

        return any(isinstance(node, ast.If) and covers(node) for node in self.tree.body)

    def _place_on_condition(self, site: Site) -> None:
        """Beside imports that are made on some condition; what uses them must know of it."""
        certain = all(self._comes_first(anchor, site.target) for anchor in site.anchors)
        if not certain and not self.unsafe:
            site.obstacle = ON_CONDITION
            return
        for anchor in site.anchors:
            self._add(Place(self.module, anchor))

    def _place_freely(self, site: Site) -> None:
        """Among the imports at the top, best beside those of the same section."""
        use = self.names.document.span(site.target)[0]
        beside = self.layout.import_before(use, self.factory.module)
        if beside is not None:
            self._add(Place(self.module, beside))
        elif self.names.document.is_notebook:
            site.obstacle = "no import comes before it"
        else:
            self._add(Place(self.module, inside=self.tree))

    def _place_in_function(self, site: Site) -> None:
        """Inside of the function that needs it, when the module can't import the factory."""
        inner: ast.AST = site.target
        outer = self.names.parents.get(inner)
        while outer is not None and not (isinstance(outer, _FUNCTIONS) and inner in outer.body):
            inner, outer = outer, self.names.parents.get(outer)
        if not isinstance(outer, _FUNCTIONS):
            site.obstacle = f"importing {self.factory.module} here would close an import cycle"
        elif not self.layout.is_alone(outer.body[0]) and outer.body[0].lineno == outer.lineno:
            site.obstacle = "its function has no lines of its own for a local import"
        else:
            scope = next(s for s in self.names.scopes.all if s.node is outer)
            first = next((n for n in outer.body[:2] if _is_import(n)), None)
            beside = first if isinstance(first, (ast.Import, ast.ImportFrom)) else None
            self._add(Place(scope, beside, None if beside is not None else outer))


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))
