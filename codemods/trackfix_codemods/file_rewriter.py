"""All moved references of one file: what can move, what can't, and the edits."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from trackfix.project.cycles import ImportGraph
from trackfix.project.expressions import dotted
from trackfix.project.moves import Moves, Target
from trackfix.project.project import Module, Project, absolute
from trackfix.project.references import FileReferences, FromImport
from trackfix.project.test_paths import is_test_path
from trackfix.source.document import Edit
from trackfix_codemods.changes import Changes, NewImport
from trackfix_codemods.import_blocks import ImportEditor
from trackfix_codemods.import_layout import ImportLayout
from trackfix_codemods.import_statements import imported, read_names
from trackfix_codemods.module_bindings import BindingRewriter
from trackfix_codemods.spelling import Spelling
from trackfix_codemods.star_imports import star_replacement


@dataclass(slots=True, eq=False)
class Item:
    """One reference, or several that only move as one.

    ``names`` are the names of the moved module ``key`` that it is about; none means all. ``late``
    ones are looked up when the code runs, ``patches`` replace what others look up. ``apply``
    carries it out. ``cause`` is the item because of which this one has an obstacle, ``patched`` are
    the names that are replaced.
    """

    path: str
    line: int
    what: str
    key: str
    names: frozenset[str]
    late: bool
    patches: bool
    apply: Callable[[], None]
    obstacle: str = ""
    cause: Item | None = None
    patched: frozenset[str] = frozenset()


class FileRewriter:
    """Finds out what can move in one file, and makes the edits for it."""

    def __init__(
        self,
        references: FileReferences,
        project: Project,
        moves: Moves,
        graph: ImportGraph,
        *,
        unsafe: bool,
    ) -> None:
        self.references = references
        self.document = references.document
        self.path = references.document.path
        self.project = project
        self.moves = moves
        self.graph = graph
        self.unsafe = unsafe
        names = project.names_of(self.path) or ("",)
        self.package = Module(names[0], self.path, project.facts[self.path]).package
        self.spelling = Spelling(self.package)
        self.changes = Changes()
        self.items: list[Item] = []
        self.collect()

    def edits(self) -> list[Edit]:
        """The edits of every item that nothing stands in the way of."""
        for item in self.items:
            if not item.obstacle:
                item.apply()
        layout = ImportLayout(
            self.document,
            self.references.parents,
            lambda top: self.project.find(top, self.path) is not None,
        )
        editor = ImportEditor(
            layout,
            self.project.config.line_length,
            lambda written: absolute(written, self.package),
            combine_as=self.project.config.combine_as,
        )
        return [*self.changes.edits, *editor.edits(list(self.changes.replacements.values()))]

    def collect(self) -> None:
        for statement in self.references.from_imports:
            if statement.is_star:
                self.collect_star(statement)
            else:
                self.collect_names(statement)
        bindings = BindingRewriter(
            self.references, self.project, self.moves, self.spelling, self.changes, self.problem
        )
        blocked_calls: set[int] = set()
        for binding in self.references.bindings:
            plan = bindings.plan(binding)
            if plan is None:
                continue
            obstacle, names, line, apply = plan
            late = any(self.is_late(use.use.node, use.use.scope.kind) for use in binding.uses)
            if obstacle:
                blocked_calls.update(map(id, binding.calls))
            patching = any(use.literal is not None or use.assigned for use in binding.uses)
            in_tests = is_test_path(self.path)
            self.items.append(
                Item(
                    self.path,
                    line,
                    binding.moved.name,
                    binding.moved.key,
                    frozenset() if binding.is_handed_on else names,
                    late or (binding.is_handed_on and not in_tests),
                    patching or (in_tests and not binding.is_only_read),
                    apply,
                    obstacle,
                    patched=frozenset(
                        use.attribute
                        for use in binding.uses
                        if use.literal is not None or use.assigned
                    ),
                )
            )
        self.collect_strings(blocked_calls, bindings.call_homes)

    def collect_names(self, statement: FromImport) -> None:
        node = statement.node
        line = self.line(node)
        late = self.is_late(node, statement.scope.kind)
        for position in statement.positions:
            alias = node.names[position]
            target = self.moves.target(statement.moved, alias.name, self.path)
            if target is None:
                continue
            obstacle = statement.obstacle or self.problem(target, node)
            self.items.append(
                Item(
                    self.path,
                    line,
                    f"{statement.moved.name}.{alias.name}",
                    statement.moved.key,
                    frozenset({alias.name}),
                    late,
                    False,
                    lambda position=position, target=target: self.move_name(  # type: ignore[misc]
                        node, position, target
                    ),
                    obstacle,
                )
            )

    def move_name(self, node: ast.ImportFrom, position: int, target: Target) -> None:
        replacement = self.changes.of(node)
        replacement.gone.add(position)
        start, end = self.document.span(node)
        old = read_names(self.document.text[start:end])[position]
        if not target.name:
            replacement.new.append(
                self.spelling.module_import(
                    target.module, old.local, relative=node.level > 0, like=old
                )
            )
            return
        written = self.spelling.module(target.module, relative=node.level > 0)
        replacement.new.append(
            NewImport(target.module, written, imported(target.name, old.local, like=old))
        )

    def collect_star(self, statement: FromImport) -> None:
        node = statement.node
        obstacle, apply = star_replacement(
            statement, self.references, self.project, self.moves, self.spelling, self.changes
        )
        home = self.moves.only_home(statement.moved, self.path)
        if not obstacle and home is not None:
            obstacle = self.problem(home, node)
        self.items.append(
            Item(
                self.path,
                self.line(node),
                f"{statement.moved.name}.*",
                statement.moved.key,
                frozenset(),
                False,
                False,
                apply,
                statement.obstacle or obstacle,
            )
        )

    def collect_strings(self, blocked_calls: set[int], call_homes: dict[int, str]) -> None:
        in_tests = is_test_path(self.path)
        for string in self.references.strings:
            obstacle, text = string.obstacle, string.replacement
            if string.unsafe and self.unsafe:
                obstacle = ""
            if id(string.call) in call_homes and (not obstacle or string.is_plain):
                obstacle, text = "", call_homes[id(string.call)]
            if id(string.call) in blocked_calls:
                obstacle = obstacle or "the imported module is used in a way that can't move"
            edit = Edit(string.start, string.end, text)
            self.items.append(
                Item(
                    self.path,
                    self.line(string.node),
                    f'"{string.moved.name}"',
                    string.moved.key,
                    string.names,
                    string.call is not None and not in_tests,
                    string.call is None and string.may_patch and in_tests,
                    lambda edit=edit: self.changes.edits.append(edit),  # type: ignore[misc]
                    obstacle,
                    patched=string.names,
                )
            )
        for doc in self.references.docs:
            line, _ = self.document.place(doc.start)
            edit = Edit(doc.start, doc.end, doc.replacement)
            self.items.append(
                Item(
                    self.path,
                    line,
                    f"docstring, {doc.moved.name}",
                    doc.moved.key,
                    frozenset(),
                    False,
                    False,
                    lambda edit=edit: self.changes.edits.append(edit),  # type: ignore[misc]
                    doc.obstacle,
                )
            )

    def line(self, node: ast.stmt | ast.expr) -> int:
        """The line of a node, as the reader of the file counts."""
        return self.document.place(self.document.span(node)[0])[0]

    def taken_from(self, module: str) -> set[str]:
        """The names that the file takes from ``module``, through a moved module or directly."""
        found: set[str] = set()
        taken = [(s.moved, name) for s in self.references.from_imports for name in s.names]
        taken += [(b.moved, use.attribute) for b in self.references.bindings for use in b.uses]
        for moved, name in taken:
            target = self.moves.target(moved, name, self.path) if name not in ("", "*") else None
            if target is not None and target.module == module:
                found.add(target.name)
        for statement in self.project.facts[self.path].imports:
            if absolute(statement.module, self.package) == module:
                found.update(statement.names)
        return found

    def problem(self, target: Target, node: ast.AST) -> str:
        """Why a reference at ``node`` must not be moved to ``target``; empty when it may."""
        if target.obstacle:
            return "" if target.unsafe and self.unsafe else target.obstacle
        if not self.is_eager(node):
            return ""
        home = self.project.find(target.module, self.path)
        if home is not None and home.path == self.path:
            return f"{target.module} would import itself"
        if self.graph.opens_cycle(self.path, target.module) and not self.unsafe:
            return f"importing {target.module} here would close an import cycle"
        return ""

    def is_late(self, node: ast.AST, scope_kind: str) -> bool:
        return scope_kind != "module" and not self.is_eager(node)

    def is_eager(self, node: ast.AST) -> bool:
        """Whether a statement is executed when the module is imported."""
        current: ast.AST | None = node
        while current is not None:
            if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                return False
            if isinstance(current, ast.If) and _is_not_imported(current.test):
                return False
            current = self.references.parents.get(current)
        return True


def _is_not_imported(test: ast.expr) -> bool:
    """``TYPE_CHECKING``, or ``__name__ == "__main__"``."""
    if isinstance(test, ast.Compare):
        return dotted(test.left) == "__name__"
    return (dotted(test) or "").endswith("TYPE_CHECKING")
