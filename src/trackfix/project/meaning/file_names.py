"""What the names of one file mean at run time, as far as it can be proved."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from trackfix.project.facts.expressions import (
    call_name,
    dotted,
    is_none,
    string_value,
    written_module,
)
from trackfix.project.facts.module_facts import ModuleFacts
from trackfix.project.meaning.meaning import (
    CLASS_MODULES,
    NOTHING,
    Meaning,
    same_meaning,
)
from trackfix.project.meaning.scope_analysis import analyse
from trackfix.project.meaning.scopes import Scope, Scopes, Use
from trackfix.project.project import Module, absolute
from trackfix.source.document import Document

if TYPE_CHECKING:
    from trackfix.project.meaning.meanings import Meanings

_IMPORTERS = frozenset(
    {"importlib.import_module", "import_module", "__import__", "pytest.importorskip"}
)
# Functions that go by such a name give a module that is imported when it is used.
_LAZY = frozenset({"LazyImport", "LazyLoader", "LazyModule", "lazy_import", "lazy_module"})


class FileNames:
    """The meanings of the names of one file."""

    def __init__(self, meanings: Meanings, document: Document) -> None:
        self.meanings = meanings
        self.document = document
        self.path = document.path
        self.scopes: Scopes = analyse(document)
        self.parents = document.index.parents
        project = meanings.project
        self.facts: ModuleFacts = project.facts[self.path]
        self.module = project.primary_name(self.path) or ""
        self.package = Module(self.module, self.path, self.facts).package
        self._known: dict[tuple[int, str], Meaning | None] = {}
        self._elsewhere = {
            name
            for scope in self.scopes.all
            for name, where in scope.elsewhere.items()
            if where == "nonlocal"
        }

    def of_use(self, use: Use) -> tuple[Meaning | None, int]:
        """What a use means, and how many of its attributes lead there: a definition ends the way,
        whatever is taken from it."""
        found = self.of_name(use.name, use.scope)
        for depth, node in enumerate(use.chain):
            if found is None or found.name:
                return found, depth
            found = self._attribute(found, node.attr)
        return found, len(use.chain)

    def of(self, node: ast.expr | None, scope: Scope) -> Meaning | None:
        """What an expression means when it is evaluated in ``scope``."""
        if isinstance(node, ast.Name):
            return self.of_name(node.id, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(self.of(node.value, scope), node.attr)
        if is_none(node):
            return NOTHING
        if isinstance(node, ast.NamedExpr):
            return self.of(node.value, scope)
        if isinstance(node, ast.IfExp):
            return same_meaning([self.of(node.body, scope), self.of(node.orelse, scope)])
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            return same_meaning([self.of(value, scope) for value in node.values])
        if isinstance(node, ast.Call):
            return self._of_call(node, scope)
        if isinstance(node, ast.Subscript):
            return self._of_entry(node)
        return None

    def of_name(self, name: str, scope: Scope) -> Meaning | None:
        """What a name means when it is read in ``scope``; None when that is not certain."""
        owner = self.scopes.binding_scope(name, scope)
        key = (id(owner), name)
        if key not in self._known:
            self._known[key] = None  # for who asks again on the way
            self._known[key] = self._of_binding(name, owner)
        return self._known[key]

    def _of_binding(self, name: str, owner: Scope | None) -> Meaning | None:
        if owner is None:
            found = self._of_stars(name, 0)
            return found if found != NOTHING else None
        if name in self._elsewhere:
            return None
        nodes = owner.bindings[name]
        found = same_meaning([self._of_node(name, node) for node in nodes])
        if owner is not self.scopes.module or found is None:
            return found
        if self.facts.overwrites:
            return None
        if found.is_client and self.meanings.patched(self.module, name):
            return None
        later = self._of_stars(name, max(getattr(node, "lineno", 0) for node in nodes))
        return same_meaning([found, later])

    def star_modules(self) -> Iterator[tuple[ast.ImportFrom, str]]:
        """The star imports that a run executes, the last first, with the modules they name."""
        for statement in reversed(self.scopes.statement_scopes):
            if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
                target = self.target(statement)
                if target is not None and not self.is_for_checkers(statement):
                    yield statement, target

    def _of_stars(self, name: str, after: int) -> Meaning | None:
        if not self.scopes.star_imports:
            return NOTHING
        for statement, target in self.star_modules():
            if statement.lineno <= after:
                break
            found = self.meanings.star_member(target, name, self.path)
            if found != NOTHING:
                line = self.line(statement)
                step = f"{name} comes with the star import of {target} in line {line}"
                return found.after(step, statement) if found is not None else None
        return NOTHING

    def _of_node(self, name: str, node: ast.AST) -> Meaning | None:
        """What one binding of a name gives it; `NOTHING` when no run is the better for it."""
        if isinstance(node, ast.stmt) and self.is_for_checkers(node):
            return NOTHING
        if isinstance(node, ast.Import):
            return self._of_import(name, node)
        if isinstance(node, ast.ImportFrom):
            return self._of_import_from(name, node)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            is_here = self.scopes.statement_scopes.get(node) is self.scopes.module
            step = f"{name} is defined in line {self.line(node)}"
            return Meaning(self.module, name, (step,)) if is_here and self.module else None
        if isinstance(node, ast.AnnAssign):
            return NOTHING
        if isinstance(node, ast.Name):
            return self._of_target(node)
        return None

    def _of_import(self, name: str, node: ast.Import) -> Meaning | None:
        modules = [alias.name for alias in node.names if alias.asname == name]
        if not modules and any(
            alias.asname is None and alias.name.partition(".")[0] == name for alias in node.names
        ):
            modules = [name]
        if len(modules) != 1:
            return None
        found = self.meanings.resolver.module(modules[0], self.path)
        if not found.movable:
            return None
        what = name if modules[0] == name else modules[0]
        return Meaning(found.module).after(f"{what} is imported in line {self.line(node)}", node)

    def _of_import_from(self, name: str, node: ast.ImportFrom) -> Meaning | None:
        target = self.target(node)
        sources = [alias.name for alias in node.names if (alias.asname or alias.name) == name]
        if target is None or len(sources) != 1:
            return None
        inner = f"{target}.{sources[0]}"
        if target == self.module and self.meanings.project.is_submodule(inner, self.path):
            # ``from . import name`` in a package's ``__init__``: the submodule is meant.
            found: Meaning | None = Meaning(inner)
        else:
            found = self.meanings.member(target, sources[0], self.path)
        written = written_module(node)
        step = f"{name} is imported from {written} in line {self.line(node)}"
        return found.after(step, node) if found is not None else None

    def _of_target(self, node: ast.Name) -> Meaning | None:
        if isinstance(node.ctx, ast.Del):
            return NOTHING
        parent = self.parents.get(node)
        value: ast.expr | None = None
        if (isinstance(parent, ast.Assign) and node in parent.targets) or (
            isinstance(parent, (ast.AnnAssign, ast.NamedExpr)) and parent.target is node
        ):
            value = parent.value
        elif isinstance(parent, (ast.Tuple, ast.List)):
            value = self._unpacked(node, parent)
        if value is None:
            return None
        statement = self.statement(node)
        if self.is_for_checkers(statement):
            return NOTHING
        found = self.of(value, self.scopes.statement_scopes[statement])
        if found is None or found == NOTHING:
            return found
        return found.after(f"{node.id} is {ast.unparse(value)} (line {self.line(node)})")

    def _unpacked(self, node: ast.Name, pattern: ast.Tuple | ast.List) -> ast.expr | None:
        """The value that ``a`` gets in ``a, b = x, y``."""
        assignment = self.parents.get(pattern)
        if not isinstance(assignment, ast.Assign) or pattern not in assignment.targets:
            return None
        values = assignment.value
        if not isinstance(values, (ast.Tuple, ast.List)) or any(
            isinstance(part, ast.Starred) for part in (*values.elts, *pattern.elts)
        ):
            return None
        pairs = zip(pattern.elts, values.elts, strict=False)
        return next((value for target, value in pairs if target is node), None)

    def _of_call(self, node: ast.Call, scope: Scope) -> Meaning | None:
        name = call_name(node)
        if name == "getattr" and 2 <= len(node.args) <= 3:
            attribute = string_value(node.args[1])
            return self._attribute(self.of(node.args[0], scope), attribute) if attribute else None
        if name in _IMPORTERS and node.args:
            module = string_value(node.args[0])
            plain = module and len(node.args) == 1 and not node.keywords
            if not module or not plain or module.startswith("."):
                return None
            wanted = module.partition(".")[0] if name == "__import__" else module
            found = self.meanings.resolver.module(wanted, self.path)
            step = f"{module} is imported in line {self.line(node)}"
            return Meaning(found.module, "", (step,)) if found.movable else None
        if name is not None and name.rpartition(".")[2] in _LAZY and len(node.args) == 1:
            module = string_value(node.args[0])
            if module in CLASS_MODULES and self.meanings.project.find(module, self.path) is None:
                step = f"{module} is loaded late by {name} in line {self.line(node)}"
                return Meaning(module, "", (step,))
        return None

    def _of_entry(self, node: ast.Subscript) -> Meaning | None:
        """``sys.modules["pkg.module"]``: how a test gets at a module whose package has a function
        of the same name. An entry of MLflow is most often a double."""
        module = string_value(node.slice)
        if not module or module in CLASS_MODULES or dotted(node.value) != "sys.modules":
            return None
        found = self.meanings.resolver.module(module, self.path)
        step = f"{module} is taken from sys.modules in line {self.line(node)}"
        return Meaning(found.module, "", (step,)) if found.movable else None

    def _attribute(self, owner: Meaning | None, name: str) -> Meaning | None:
        if owner is None or owner.name or owner == NOTHING:
            return None
        found = self.meanings.member(owner.module, name, self.path)
        if found is None:
            return None
        return replace(found, steps=(*owner.steps, *found.steps), imports=owner.imports)

    def target(self, node: ast.ImportFrom) -> str | None:
        """The absolute name of the module that a from-import names."""
        return absolute(written_module(node), self.package)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around a node."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def scope_at(self, node: ast.AST) -> Scope:
        """The scope that the innermost statement around a node is in."""
        return self.scopes.statement_scopes[self.statement(node)]

    def is_for_checkers(self, node: ast.AST) -> bool:
        """Whether a node stands where no run comes by: below ``if TYPE_CHECKING``."""
        inner, outer = node, self.parents.get(node)
        while outer is not None:
            if isinstance(outer, ast.If) and inner is not outer.test:
                test = outer.test
                negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
                name = dotted(test.operand if isinstance(test, ast.UnaryOp) else test) or ""
                is_check = name.rpartition(".")[2] == "TYPE_CHECKING"
                if is_check and (inner in outer.orelse) is negated:
                    return True
            inner, outer = outer, self.parents.get(outer)
        return False

    def line(self, node: ast.stmt | ast.expr) -> int:
        """The line in the file at which a node starts."""
        return self.document.file_line(node.lineno)
