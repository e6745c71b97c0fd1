"""Finds every reference of one file to the moved modules."""

from __future__ import annotations

import ast

from trackfix.project.facts.expressions import call_name, dotted, string_value, written_module
from trackfix.project.facts.module_facts import is_package
from trackfix.project.facts.text_definitions import is_defined_in
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.meaning.scope_analysis import analyse
from trackfix.project.meaning.scopes import Scope, Use
from trackfix.project.project import Module, absolute
from trackfix.project.references.docstrings import docstring_references
from trackfix.project.references.moves import MovedModule, Moves
from trackfix.project.references.references import (
    SAME_OBJECT,
    FileReferences,
    FromImport,
    ModuleBinding,
    ModuleUse,
    Statement,
    is_same_object,
)
from trackfix.project.references.replaced_names import is_shown
from trackfix.project.references.string_contexts import imported_by_name
from trackfix.project.references.strings import HANDED_ON, string_references
from trackfix.project.references.watches import tests_the_import, watched_import
from trackfix.project.test_paths import is_test_path, may_patch
from trackfix.source.document import Document
from trackfix.source.errors import SourceError

_WITH_LITERAL_NAME = frozenset(
    {
        "object",
        "setattr",
        "delattr",
        "getattr",
        "hasattr",
        "spy",
        "stub",
        "replace_attr",
    }
)


def find_references(document: Document, moves: Moves) -> FileReferences:
    """The references of ``document``.

    Raises:
        SourceError: it is no Python.
    """
    scopes = analyse(document)
    parents = document.index.parents
    found = FileReferences(document, scopes, parents)
    _Finder(found, moves).run()
    found.strings = string_references(document, scopes, parents, moves)
    found.docs = docstring_references(document, moves)
    return found


class _Finder:
    def __init__(self, found: FileReferences, moves: Moves) -> None:
        self.found = found
        self.moves = moves
        self.meanings = moves.resolver.analysis(Meanings)
        self.path = found.document.path
        self.may_patch = may_patch(self.path, found.document.text)
        self.names = moves.project.names_of(self.path) or ("",)
        self.package = Module(self.names[0], self.path, moves.project.facts).package
        self.groups: dict[tuple[int, str, str], ModuleBinding] = {}
        self.bound: dict[tuple[int, str], set[str | None]] = {}
        self.imported = {
            alias.name
            for statement in found.scopes.statement_scopes
            if isinstance(statement, ast.Import)
            for alias in statement.names
        }

    def run(self) -> None:
        for statement, scope in self.found.scopes.statement_scopes.items():
            if isinstance(statement, ast.ImportFrom):
                self.read_from(statement, scope)
            elif isinstance(statement, ast.Import):
                self.read_import(statement, scope)
        for use in self.found.scopes.uses:
            self.read_use(use)
        self.found.bindings = list(self.groups.values())
        for binding in self.found.bindings:
            self.check(binding)

    def read_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        target = absolute(written_module(node), self.package)
        if target is None:
            return
        moved = self.moves.find(target, self.path)
        names: list[int] = []
        for position, alias in enumerate(node.names):
            inner = self.moves.find(f"{target}.{alias.name}", self.path)
            if inner is not None and self.is_module(target, alias.name):
                group = self.group(alias.asname or alias.name, scope, inner)
                group.statements.append((node, alias))
            elif moved is not None and not self.is_in_place(moved, alias.name):
                names.append(position)
        if moved is not None and names:
            watched = tests_the_import(node, self.found.parents)
            obstacle = watched_import(self.path) if watched else ""
            self.found.from_imports.append(
                FromImport(node, tuple(names), scope, moved, obstacle, watched)
            )

    def is_in_place(self, moved: MovedModule, name: str) -> bool:
        """Whether ``from moved import name`` takes a module below it, for which there is no other
        statement."""
        found = moved.entry.names.get(name) if moved.entry is not None else None
        is_own = found is not None and found.home == f"{moved.name}.{name}"
        return is_own or self.is_submodule(moved, name)

    def is_submodule(self, moved: MovedModule, name: str) -> bool:
        """Whether ``name`` is a module below a moved package, and not one of its own names."""
        if moved.entry is not None and name in moved.entry.names:
            return self.is_replaced(moved.name, name)
        return self.moves.project.find(f"{moved.name}.{name}", self.path) is not None

    def is_replaced(self, package: str, name: str) -> bool:
        """Whether an import here of the submodule ``name`` puts it where the package has bound
        another module: ``from new import names`` there, ``import old.names`` here."""
        if f"{package}.{name}" not in self.imported:
            return False
        found = self.moves.resolver.resolve(package, name, self.path)
        return found.kind == "module"

    def is_module(self, package: str, name: str) -> bool:
        found = self.moves.resolver.resolve(package, name, self.path)
        if found.kind == "module" or found.status in ("missing", "external", "cyclic"):
            return True
        # A package that makes names at run time may have any; the settings know better.
        is_renamed = f"{package}.{name}" in self.moves.module_renames
        return is_renamed and found.kind == "unknown" and not found.hops

    def read_import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            moved = self.moves.find(alias.name, self.path)
            if moved is not None:
                name = alias.asname or alias.name.partition(".")[0]
                self.group(name, scope, moved).statements.append((node, alias))

    def group(self, name: str, scope: Scope, moved: MovedModule) -> ModuleBinding:
        key = (id(scope), name, moved.key)
        if key not in self.groups:
            self.groups[key] = ModuleBinding(name, scope, moved)
        return self.groups[key]

    def bound_modules(self, name: str, scope: Scope) -> set[str | None]:
        """The modules that the imports in ``scope`` bind to ``name``; None for anything else."""
        key = (id(scope), name)
        if key not in self.bound:
            self.bound[key] = {
                self.imported_module(node, name) for node in scope.bindings.get(name, ())
            }
        return self.bound[key]

    def imported_module(self, node: ast.AST, name: str) -> str | None:
        if isinstance(node, ast.Import):
            full = [alias.name for alias in node.names if alias.asname == name]
            return full[0] if full else name
        if isinstance(node, ast.ImportFrom):
            target = absolute(written_module(node), self.package)
            for alias in node.names:
                if target is not None and (alias.asname or alias.name) == name:
                    full_name = f"{target}.{alias.name}"
                    if self.moves.find(full_name, self.path) and self.is_module(target, alias.name):
                        return full_name
                    if self.is_defined(target, alias.name):
                        return None
                    found = self.moves.resolver.resolve(target, alias.name, self.path)
                    return found.module if found.kind == "module" else None
        if isinstance(node, ast.Name):
            assignment = self.found.parents.get(node)
            if isinstance(assignment, ast.Assign) and len(assignment.targets) == 1:
                return self.imported_by_call(assignment.value)
        return None

    def imported_by_call(self, node: ast.expr) -> str | None:
        """``importlib.import_module("m")`` -> ``m``."""
        name = (call_name(node) or "").rpartition(".")[2]
        if name in ("import_module", "importorskip") and isinstance(node, ast.Call):
            return imported_by_name(node, self.package, self.path)
        return None

    def is_defined(self, module: str, name: str) -> bool:
        """Whether the text of a module shows that ``name`` is a function or class of its own."""
        project = self.moves.project
        found = project.find(module, self.path)
        if found is None or not found.path:
            return False
        try:
            return is_defined_in(project.read(found.path), name)
        except SourceError:
            return False

    def read_use(self, use: Use) -> None:
        scope = self.found.scopes.binding_scope(use.name, use.scope)
        if scope is None:
            return
        modules = self.bound_modules(use.name, scope)
        if len(modules) > 1:
            self.note_unsure(use, scope, modules)
        module = next(iter(modules), None) if len(modules) == 1 else None
        if module is None:
            return
        depth = 0
        moved = self.moves.find(module, self.path)
        while moved is None and depth < len(use.chain):
            module = f"{module}.{use.chain[depth].attr}"
            if not self.names_module(module):
                return
            depth += 1
            moved = self.moves.find(module, self.path)
        if moved is None:
            return
        moved, depth = self.innermost(moved, use, depth)
        # A submodule of a moved package is a module of its own.
        while depth < len(use.chain) and self.is_submodule(moved, use.chain[depth].attr):
            inner = self.moves.find(f"{moved.name}.{use.chain[depth].attr}", self.path)
            if inner is None:
                self.group(use.name, scope, moved).leads_below = True
                return
            moved, depth = inner, depth + 1
        group = self.group(use.name, scope, moved)
        group.uses.append(self.module_use(use, depth, moved))

    def innermost(self, moved: MovedModule, use: Use, depth: int) -> tuple[MovedModule, int]:
        """The last renamed module on the way of a use, which may be below another."""
        names = use.attributes
        for end in range(len(names), depth, -1):
            full = ".".join((moved.name, *names[depth:end]))
            if full in self.moves.module_renames or full in self.moves.symbol_renames:
                inner = self.moves.find(full, self.path)
                if inner is not None:
                    return inner, end
        return moved, depth

    def names_module(self, module: str) -> bool:
        return (
            self.moves.find(module, self.path) is not None
            or (self.moves.project.find(module, self.path) is not None)
            or any(
                name.startswith(f"{module}.")
                for name in (*self.moves.module_renames, *self.moves.symbol_renames)
            )
        )

    def note_unsure(self, use: Use, scope: Scope, modules: set[str | None]) -> None:
        """The name is bound in several ways, one of them perhaps to a moved module."""
        for module in modules:
            moved = self.moves.find(module, self.path) if module else None
            if moved is not None:
                group = self.group(use.name, scope, moved)
                group.obstacle = f"{use.name} is bound in more than one way"

    def module_use(self, use: Use, depth: int, moved: MovedModule) -> ModuleUse:
        whole = {"__dict__", "__name__"} if self.may_patch else {"__dict__"}
        if depth < len(use.chain) and use.chain[depth].attr in whole:
            # A test may put a target for ``patch`` together with the name.
            return ModuleUse(use, depth, obstacle=HANDED_ON)
        if depth < len(use.chain):
            watched = not use.quoted and tests_the_import(use.node, self.found.parents)
            lazy = self.is_lazy(moved, use.chain[depth].attr)
            obstacle = "a test watches what taking this name does" if watched and lazy else ""
            if is_test_path(self.path) and is_same_object(use, self.meanings.file(self.path)):
                obstacle = SAME_OBJECT
            assigned = not isinstance(use.chain[depth].ctx, ast.Load)
            is_whole = moved.entry is None and not moved.partial
            if assigned and not is_whole and not is_test_path(self.path):
                obstacle = "it assigns to the module"
            return ModuleUse(use, depth, use.chain[depth].attr, None, obstacle, assigned)
        call = use.parent
        if isinstance(call, ast.Call) and len(call.args) >= 2:
            outer = use.chain[-1] if use.chain else use.node
            function = call.func
            name = function.attr if isinstance(function, ast.Attribute) else dotted(function)
            literal = call.args[1]
            attribute = string_value(literal)
            if call.args[0] is outer and attribute and name in _WITH_LITERAL_NAME:
                assert isinstance(literal, ast.Constant)
                return ModuleUse(use, depth, attribute, literal)
        shown = "the module itself is shown, not a name of it"
        return ModuleUse(use, depth, obstacle=shown if is_shown(use.parent) else HANDED_ON)

    def is_lazy(self, moved: MovedModule, name: str) -> bool:
        """Whether the module's ``__getattr__`` answers for a name: taking it runs code."""
        facts = self.moves.project.facts.get(moved.entry.path) if moved.entry else None
        if facts is None:
            return False
        events = facts.bindings.get(name, ())
        return all(b.form == "lazy" or b.guard == "type-checking" for b in events)

    def is_shown(self, binding: ModuleBinding, node: Statement, alias: ast.alias) -> bool:
        """``from . import moved`` in a package: ``package.moved`` is there for who imports that."""
        return (
            binding.moved.entry is not None
            and is_package(self.path)
            and binding.scope is self.found.scopes.module
            and isinstance(node, ast.ImportFrom)
            and (alias.asname or alias.name) == alias.name
            and absolute(written_module(node), self.package) == self.package
        )

    def hold_watched(self, binding: ModuleBinding) -> None:
        binding.obstacle, binding.is_watched = watched_import(self.path), True

    def check(self, binding: ModuleBinding) -> None:
        if any(scope.elsewhere.get(binding.name) == "nonlocal" for scope in self.found.scopes.all):
            binding.obstacle = f"{binding.name} is bound in more than one way"
        for node, alias in binding.statements:
            if tests_the_import(node, self.found.parents):
                self.hold_watched(binding)
            if self.is_shown(binding, node, alias):
                binding.obstacle, binding.is_shown = f"{self.package} shows it to its users", True
        for node_ in binding.scope.bindings.get(binding.name, ()):
            if isinstance(node_, (ast.Import, ast.ImportFrom)):
                if all(node_ is not s for s, _ in binding.statements):
                    binding.roots.append(node_)
            elif isinstance(node_, ast.Name):
                assignment = self.found.parents.get(node_)
                if isinstance(assignment, ast.Assign) and isinstance(assignment.value, ast.Call):
                    binding.calls.append(assignment.value)
                    if tests_the_import(assignment, self.found.parents):
                        self.hold_watched(binding)
            else:
                binding.obstacle = f"{binding.name} is bound in more than one way"
        for use in binding.uses:
            if use.obstacle and not binding.obstacle:
                line, _ = self.found.document.place(use.use.start)
                binding.obstacle = f"line {line}: {use.obstacle}"


def files_with_references(moves: Moves) -> tuple[str, ...]:
    """The files that may refer to a moved module or symbol."""
    return moves.filter.files if moves else ()
