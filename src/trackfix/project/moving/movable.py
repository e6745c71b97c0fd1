"""Which of the references to moved modules can move, and what stands in the way of the others."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trackfix.project.facts.expressions import is_not_for_imports
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.load_order import LoadOrder, too_early
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.meaning.scopes import Scope, Use
from trackfix.project.moving.binding_plans import BindingPlan, BindingPlanner
from trackfix.project.moving.needed_imports import hold_own_loaders
from trackfix.project.moving.same_names import bound_beside
from trackfix.project.moving.star_plans import StarPlan, plan_star
from trackfix.project.project import Module
from trackfix.project.references.docstrings import DocReference
from trackfix.project.references.moves import Moves, Target
from trackfix.project.references.references import (
    SAME_OBJECT,
    FileReferences,
    FromImport,
    ModuleBinding,
    is_same_object,
)
from trackfix.project.references.strings import StringReference, written_alike
from trackfix.project.test_paths import is_test_path, may_patch

_TESTED = "a test does this import to see that it works: it doesn't use the name"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text that another takes the place of."""

    start: int
    end: int


Subject = FromImport | ModuleBinding | StringReference | DocReference | Span


@dataclass(slots=True, eq=False)
class Item:
    """One reference, or several that only move as one.

    ``subject`` is the reference and ``plan`` what becomes of it; of a from-import each name is an
    item of its own, at ``position``. ``names`` are the names of the moved module ``key`` that it is
    about; none means all. ``late`` ones are looked up when the code runs, ``patches`` replace
    what others look up. ``cause`` is the item because of which this one has an obstacle,
    ``patched`` are the names that are replaced. ``bound`` is the name that gets the module which a
    string imports: the two are one reference. ``doubts`` are what only an unsafe run moves it in
    spite of.
    """

    path: str
    line: int
    what: str
    key: str
    subject: Subject
    plan: Target | StarPlan | BindingPlan | str
    names: frozenset[str] = frozenset()
    obstacle: str = ""
    late: bool = False
    patches: bool = False
    patched: frozenset[str] = frozenset()
    position: int = 0
    cause: Item | None = None
    bound: Item | None = None
    doubts: tuple[str, ...] = ()


class FileItems:
    """The items of one file. With ``unsafe``, what only lacks a proof is no obstacle."""

    def __init__(
        self, references: FileReferences, moves: Moves, graph: ImportGraph, *, unsafe: bool
    ) -> None:
        self.references = references
        self.document = references.document
        self.path = references.document.path
        self.moves = moves
        self.project = moves.project
        self.graph = graph
        self.unsafe = unsafe
        self.in_tests = is_test_path(self.path)
        self.may_patch = may_patch(self.path, self.document.text)
        names = self.project.names_of(self.path) or ("",)
        self.package = Module(names[0], self.path, self.project.facts[self.path]).package
        self.items: list[Item] = []
        self._doubts: list[str] = []
        for statement in references.from_imports:
            if statement.is_star:
                self._add_star(statement)
            else:
                self._add_names(statement)
        call_homes: dict[int, str] = {}
        bound: dict[int, Item] = {}
        blocked_calls: set[int] = set()
        planner = BindingPlanner(references, self.package, moves, self._problem)
        for binding in references.bindings:
            plan = planner.plan(binding)
            doubts = self._take_doubts()
            if plan is None:
                continue
            if not plan.obstacle and not binding.uses and self._is_tested(binding.scope):
                plan = replace(plan, obstacle=self._unless_unsafe(_TESTED))
                doubts += self._take_doubts()
            if plan.obstacle:
                blocked_calls.update(map(id, binding.calls))
            if plan.action == "calls":
                call_homes.update((id(call), plan.home) for call in binding.calls)
            item = self._add_binding(binding, plan, doubts)
            bound.update((id(call), item) for call in binding.calls)
        for string in references.strings:
            self._add_string(string, blocked_calls, call_homes).bound = bound.get(id(string.call))
        for doc in references.docs:
            line, _ = self.document.place(doc.start)
            what = f"docstring, {doc.moved.name}"
            self.items.append(
                Item(
                    self.path,
                    line,
                    what,
                    doc.moved.key,
                    doc,
                    doc.replacement,
                    obstacle=doc.obstacle,
                )
            )
        hold_own_loaders(self)

    def _add_names(self, statement: FromImport) -> None:
        node = statement.node
        for position in statement.positions:
            alias = node.names[position]
            name = alias.name
            target = self.moves.target(statement.moved, name, self.path)
            if target is None:
                continue
            uses = self.references.scopes.uses_of(alias.asname or name, statement.scope)
            tested = ""
            if not uses and self._is_tested(statement.scope):
                tested = self._unless_unsafe(_TESTED)
            elif self.in_tests and self._is_same_object(uses):
                tested = SAME_OBJECT
            obstacle = (
                statement.obstacle
                or tested
                or self._problem(target, node)
                or self._exported(alias, target, statement.scope)
                or bound_beside(node, alias, target, self)
            )
            self.items.append(
                Item(
                    self.path,
                    self.document.file_line(node.lineno),
                    f"{statement.moved.name}.{name}",
                    statement.moved.key,
                    statement,
                    target,
                    frozenset({name}),
                    obstacle,
                    late=self._is_late(node, statement.scope.kind),
                    position=position,
                    doubts=self._take_doubts(),
                )
            )

    def _add_star(self, statement: FromImport) -> None:
        plan = plan_star(statement, self.references, self.moves)
        obstacle = statement.obstacle or plan.obstacle
        home = self.moves.only_home(statement.moved, self.path)
        if not obstacle and home is not None:
            obstacle = self._problem(home, statement.node)
        self.items.append(
            Item(
                self.path,
                self.document.file_line(statement.node.lineno),
                f"{statement.moved.name}.*",
                statement.moved.key,
                statement,
                plan,
                obstacle=obstacle,
                doubts=self._take_doubts(),
            )
        )

    def _add_binding(
        self, binding: ModuleBinding, plan: BindingPlan, doubts: tuple[str, ...]
    ) -> Item:
        is_handed_on = binding.is_handed_on and not binding.is_only_shown
        late = any(
            self._is_late(use.use.node, use.use.scope.kind)
            for use in binding.uses
            if use.attribute or is_handed_on
        )
        replaced = [use for use in binding.uses if use.replaces]
        item = Item(
            self.path,
            plan.line,
            binding.moved.name,
            binding.moved.key,
            binding,
            plan,
            frozenset() if is_handed_on else plan.names,
            plan.obstacle,
            late=late or (is_handed_on and not self.in_tests),
            patches=bool(replaced) or (self.may_patch and not binding.is_only_read),
            patched=frozenset(use.attribute for use in replaced),
            doubts=doubts,
        )
        self.items.append(item)
        return item

    def _add_string(
        self, string: StringReference, blocked_calls: set[int], call_homes: dict[int, str]
    ) -> Item:
        obstacle, text = string.obstacle, string.replacement
        doubts: tuple[str, ...] = ()
        if obstacle and string.unsafe and self.unsafe:
            obstacle, doubts = "", (obstacle,)
        if id(string.call) in call_homes and (not obstacle or string.is_plain):
            obstacle, text = "", call_homes[id(string.call)]
        text = written_alike(str(string.node.value), string.moved.name, text)
        if id(string.call) in blocked_calls:
            obstacle = obstacle or "the imported module is used in a way that can't move"
        around = self.references.parents.get(string.call) if string.call is not None else None
        is_given = self.in_tests and isinstance(around, ast.Call) and string.call in around.args
        if is_given:
            obstacle = obstacle or "a test gives the imported module to other code"
        is_replaced = (string.call is None or is_given) and string.is_looked_up and self.may_patch
        item = Item(
            self.path,
            self.document.file_line(string.node.lineno),
            f'"{string.moved.name}"',
            string.moved.key,
            string,
            text,
            string.names,
            obstacle,
            late=string.is_looked_up and (not self.in_tests or string.is_below),
            patches=is_replaced and not string.is_below,
            patched=string.names,
            doubts=doubts,
        )
        self.items.append(item)
        return item

    def _is_tested(self, scope: Scope) -> bool:
        """Whether an import in ``scope`` whose name nothing uses is what a test tries out."""
        return self.in_tests and scope.kind == "function"

    def _exported(self, alias: ast.alias, target: Target, scope: Scope) -> str:
        """Why a name that is imported ``as`` itself must keep its name: that is how a stub, and a
        module that mypy checks strictly, exports what it imports."""
        local = alias.asname
        if scope.kind != "module" or local != alias.name or target.name in ("", local):
            return ""
        return self._unless_unsafe(
            f"{local} as {local} exports it to type checkers, {target.name} as {local} would not"
        )

    def _is_same_object(self, uses: Sequence[Use]) -> bool:
        names = self.moves.resolver.analysis(Meanings).file(self.path)
        return any(not use.chain and is_same_object(use, names) for use in uses)

    def _problem(self, target: Target, node: ast.stmt) -> str:
        """Why a reference at ``node`` must not be moved to ``target``; empty when it may."""
        obstacle = target.obstacle
        if target.unsafe:
            obstacle = self._unless_unsafe(obstacle)
        if obstacle:
            return obstacle
        order = self.moves.resolver.analysis(LoadOrder)
        is_eager = self.is_eager(node)
        failing = order.breaks(self.path, node.lineno, target.module, eager=is_eager)
        if failing:
            return too_early(target.module, failing)
        if not is_eager:
            return ""
        home = self.project.find(target.module, self.path)
        if home is not None and home.path == self.path:
            return f"{target.module} would import itself"
        if self.graph.opens_cycle(self.path, target.module):
            return self._unless_unsafe(
                f"importing {target.module} here would close an import cycle"
            )
        return ""

    def _unless_unsafe(self, reason: str) -> str:
        """A reason that is an obstacle in a safe run, and a doubt in an unsafe one."""
        if not self.unsafe:
            return reason
        self._doubts.append(reason)
        return ""

    def _take_doubts(self) -> tuple[str, ...]:
        """The doubts since they were last asked for."""
        found, self._doubts = tuple(dict.fromkeys(self._doubts)), []
        return found

    def _is_late(self, node: ast.AST, scope_kind: str) -> bool:
        return scope_kind != "module" and not self.is_eager(node)

    def is_eager(self, node: ast.AST) -> bool:
        """Whether a statement is executed when the module is imported."""
        current: ast.AST | None = node
        while current is not None:
            if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                return False
            if isinstance(current, ast.If) and is_not_for_imports(current.test):
                return False
            current = self.references.parents.get(current)
        return True
