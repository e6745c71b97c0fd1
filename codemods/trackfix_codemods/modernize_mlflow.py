"""Rewrite the uses of APIs that MLflow has moved or renamed.

Only what the lowest release of MLflow that the project allows has, too, and what was proven to do
the same there. All else is listed, with what to do by hand.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trackfix.project.facts.expressions import call_name, last_name
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.mlflow_uses.moved_api_table import ApplicableApis
from trackfix.project.mlflow_uses.moved_apis import STILL_IN_PACKAGE, MovedApis, MovedUse
from trackfix.project.mlflow_uses.version_guards import VersionGuards
from trackfix.project.modules.resolution import Resolver
from trackfix.project.moving.agreement import agree
from trackfix.project.moving.movable import FileItems, Item, Span
from trackfix.project.project import Project
from trackfix.project.references.finder import find_references
from trackfix.project.references.moves import MovedModule, Moves, Target
from trackfix.project.references.references import FileReferences, ModuleBinding
from trackfix.project.test_paths import is_test_path
from trackfix.rewrite.codemod import Proposal, Skipped
from trackfix_codemods.calls.api_doubles import ApiDoubles
from trackfix_codemods.imports.rewriter import propose_edits


@dataclass(frozen=True, slots=True)
class ModernizeMlflow:
    """The codemod ``modernize-mlflow``."""

    name: str = "modernize-mlflow"
    summary: str = "use the names that MLflow has for its moved APIs now"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project with every provable use of a moved API rewritten."""
        proposal = Proposal()
        resolver = moves.resolver
        apis = resolver.analysis(MovedApis)
        graph = ImportGraph(project)
        doubles = ApiDoubles(project, resolver)
        groups: dict[int, tuple[ApiMoves, list[_File]]] = {}
        for path in apis.files():
            names = resolver.analysis(Meanings).file(path)
            if names is None or project.find("mlflow", path) is not None:
                continue
            applicable = apis.applicable(path)
            if id(applicable) not in groups:
                groups[id(applicable)] = ApiMoves(project, resolver, applicable), []
            own, files = groups[id(applicable)]
            found = find_references(names.document, own)
            guards = VersionGuards(names)
            file = _File(found, apis.uses(path), own, graph, guards, doubles, unsafe=unsafe)
            file.hold_back(held.get(path, ""))
            files.append(file)
        for own, files in groups.values():
            agree((file.found for file in files), own, unsafe=unsafe)
            for file in files:
                propose_edits(file.found, proposal)
                proposal.skipped.extend(file.by_hand(proposal.skipped))
                file.forget_done(proposal)
        proposal.skipped.sort()
        return proposal


class ApiMoves(Moves):
    """The moved APIs whose uses can be rewritten, as moves of modules and names."""

    def __init__(self, project: Project, resolver: Resolver, applicable: ApplicableApis) -> None:
        super().__init__(project, resolver, ())
        self.applicable = applicable
        self.module_renames = {}
        self.symbol_renames = {}
        for api in applicable.by_path.values():
            if applicable.problem(api):
                continue
            if api.kind == "module":
                self.module_renames[api.old] = api.new
            else:
                old, new = api.old.rpartition("."), api.new.rpartition(".")
                self.symbol_renames.setdefault(old[0], {})[old[2]] = f"{new[0]}:{new[2]}"

    def target(self, moved: MovedModule, name: str, importer: str) -> Target | None:
        """Where ``moved.name`` belongs, unless its new home lacks it."""
        found = super().target(moved, name, importer)
        api = self.applicable.by_path.get(moved.key)
        if found is not None and api is not None and name in api.lost:
            return Target(found.module, name, f"{found.module} has no {name}")
        return found


class _File:
    """The items of one file: what takes other imports, and what is only spelled otherwise."""

    def __init__(
        self,
        references: FileReferences,
        uses: list[MovedUse],
        moves: ApiMoves,
        graph: ImportGraph,
        guards: VersionGuards,
        doubles: ApiDoubles,
        *,
        unsafe: bool,
    ) -> None:
        self.document = references.document
        self.doubles = doubles
        self.uses = uses
        self.guards = guards
        self.unsafe = unsafe
        self.releases = moves.applicable.releases
        self.spelled = {id(use.root): use for use in uses if use.root is not None}
        patched = list(self._patched(references.bindings, moves))
        references.docs = []
        in_tests = is_test_path(self.document.path)
        references.strings = [
            string
            for string in references.strings
            if (not string.obstacle or in_tests)
            and (string.names or string.moved.key in moves.module_renames)
        ]
        references.from_imports = [
            found for found in references.from_imports if not guards.hold(found.node)
        ]
        references.bindings = [b for b in references.bindings if self._takes_import(b, moves)]
        self.found = FileItems(references, moves, graph, unsafe=unsafe)
        self._hold_imports()
        self.found.items += [*self._items(), *patched]

    def _hold_imports(self) -> None:
        """Give an obstacle to the imports if a test has a double of ``mlflow`` for them, which need
        not have the module that they would name then."""
        doubt = "" if self.unsafe else self.doubles.of_names(self.document.path, ["mlflow"])
        for item in self.found.items if doubt else ():
            item.obstacle = item.obstacle or f"unsafe: {doubt}"

    def _takes_import(self, binding: ModuleBinding, moves: ApiMoves) -> bool:
        """Whether a binding can only move with its import."""
        imports = [node for node, _ in binding.statements]
        if any(map(self.guards.hold, [*imports, *(use.use.node for use in binding.uses)])):
            return False
        if binding.moved.key in STILL_IN_PACKAGE:
            return any(isinstance(node, ast.Import) for node in imports)
        if binding.moved.key in moves.module_renames:
            return True
        names = moves.symbol_renames.get(binding.moved.key, {})
        moved = [use for use in binding.uses if use.attribute in names]
        if any(use.literal is not None or use.assigned for use in moved):
            return False
        known = [self.spelled.get(id(use.use.node)) for use in moved]
        return any(use is None or not (use.edits or use.problem) for use in known) and not any(
            use is not None and use.problem for use in known
        )

    def _patched(self, bindings: Iterable[ModuleBinding], moves: ApiMoves) -> Iterator[Item]:
        """What is replaced through its module: ``patch.object(mlflow, "name")``."""
        for binding in bindings:
            names = moves.symbol_renames.get(binding.moved.key, {})
            for use in binding.uses:
                is_asked = (call_name(use.use.parent) or "") in ("hasattr", "getattr")
                is_replaced = use.assigned or (use.literal is not None and not is_asked)
                if use.attribute in names and is_replaced:
                    found = MovedUse(
                        moves.applicable.by_path[f"{binding.moved.key}.{use.attribute}"],
                        use.use.start,
                        use.use.ends[-1],
                        use.use.scope,
                        problem="it is replaced through its module: do that in the new one",
                    )
                    item = self._item(found, "")
                    item.patches = True
                    yield item

    def _items(self) -> Iterator[Item]:
        for use in self.uses:
            for edit in use.edits:
                yield self._item(use, edit.replacement, Span(edit.start, edit.end))
            if use.api.kind == "name" and use.problem:
                # A patch of the name must not move without it.
                yield self._item(use, "")

    def _item(self, use: MovedUse, text: str, span: Span | None = None) -> Item:
        module, _, name = use.api.old.rpartition(".")
        is_name = use.api.kind == "name"
        obstacle = use.problem
        if not obstacle and not use.is_certain and not self.unsafe:
            obstacle = "unsafe: only its name shows what it is"
        if not (obstacle or self.unsafe):
            doubt = self._in_tests(use)
            obstacle = f"unsafe: {doubt}" if doubt else ""
        return Item(
            self.document.path,
            self._line(use),
            use.api.old,
            module if is_name else "",
            span or Span(use.start, use.end),
            text,
            frozenset({name}) if is_name else frozenset(),
            obstacle,
            late=is_name and use.scope.kind != "module",
            patched=frozenset({name}) if is_name else frozenset(),
        )

    def _in_tests(self, use: MovedUse) -> str:
        """What a test does with the old form. Patches of a name follow it, and are no matter."""
        path, nodes = self.document.path, [use.node] if use.node is not None else []
        if use.api.kind == "attribute":
            return self.doubles.of_names(path, map(last_name, nodes))
        follows = use.api.kind in ("module", "name")
        find = self.doubles.of_reached if follows else self.doubles.of_functions
        deed = find(path, nodes)
        return deed or self.doubles.of_owners(path, nodes)

    def _line(self, use: MovedUse) -> int:
        return self.document.place(use.start)[0]

    def hold_back(self, reason: str) -> None:
        """Give an obstacle to all items of a file that must not change, for a ``reason``, or not
        surely."""
        obstacle = f"the file is held back: {reason}" if reason else ""
        if not obstacle and not self.releases.source and not self.unsafe:
            obstacle = "unsafe: no requirement tells the release of MLflow"
        for item in self.found.items:
            item.obstacle = item.obstacle or obstacle

    def by_hand(self, skipped: Iterable[Skipped]) -> list[Skipped]:
        """What is left to do and not yet among what was skipped, where all names are."""
        said = {(s.line, s.reason.partition(": ")[2]) for s in skipped if s.path == self.found.path}
        return [
            Skipped(self.found.path, self._line(use), f"{use.api.old}: {use.problem}")
            for use in self.uses
            if use.problem and use.api.kind != "name" and (self._line(use), use.problem) not in said
        ]

    def forget_done(self, proposal: Proposal) -> None:
        """Say nothing of lines where something is done as well: who asks what becomes of a
        finding asks for its line."""
        done = {item.line for item in self.found.items if not item.obstacle}
        path = self.found.path
        proposal.skipped = [s for s in proposal.skipped if s.path != path or s.line not in done]


CODEMOD = ModernizeMlflow()
