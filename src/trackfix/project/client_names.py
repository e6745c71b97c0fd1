"""What the names of a file mean at run time, as far as it can be proved: which module, or which
definition. mlflow's client class is told from all others here, by whatever name it goes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from trackfix.project.expressions import call_name, dotted, string_value
from trackfix.project.facts import ModuleFacts
from trackfix.project.project import Module, Project, absolute
from trackfix.project.resolution import Resolution, Resolver
from trackfix.project.results import Hop
from trackfix.project.scope_analysis import analyse
from trackfix.project.scopes import Scope, Scopes, Use
from trackfix.source.document import Document
from trackfix.source.errors import SourceError

Statement = ast.Import | ast.ImportFrom

CLASS_NAME = "MlflowClient"
# The modules of mlflow from which the class can be taken.
CLASS_MODULES = frozenset({"mlflow", "mlflow.client", "mlflow.tracking", "mlflow.tracking.client"})
_IMPORTERS = frozenset(
    {"importlib.import_module", "import_module", "__import__", "pytest.importorskip"}
)
# Functions that go by such a name give a module that is imported when it is used.
_LAZY = frozenset({"LazyImport", "LazyLoader", "LazyModule", "lazy_import", "lazy_module"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """A module (``name`` is empty) or a name that one defines.

    ``steps`` tell how a file came by it, the nearest first; ``imports`` are the statements of the
    file on that way.
    """

    module: str
    name: str = ""
    steps: tuple[str, ...] = field(default=(), compare=False)
    imports: tuple[Statement, ...] = field(default=(), compare=False)

    @property
    def is_client(self) -> bool:
        """Whether it is mlflow's client class."""
        return self.name == CLASS_NAME and self.module in CLASS_MODULES

    def after(self, step: str, *imports: Statement) -> Meaning:
        """The same, with one more step on this side of it."""
        steps = (step, *self.steps) if step else self.steps
        return replace(self, steps=steps, imports=(*imports, *self.imports))


CLIENT = Meaning("mlflow.tracking.client", CLASS_NAME)
# What a name means where it is ``None`` or unbound: whatever uses it there fails.
NOTHING = Meaning("")


class Meanings:
    """The meanings of names in all files of one project."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self.resolver = resolver
        self._members: dict[tuple[str, str], Meaning | None] = {}
        self._open: set[tuple[str, str]] = set()
        self._patches: dict[str, frozenset[str]] = {}

    def file(self, path: str) -> FileNames | None:
        """The names of one file; None when it can't be read as Python."""
        try:
            document = self.project.document(path)
            return document.analysis(self, lambda: FileNames(self, document))
        except SourceError:
            return None

    def member(self, module: str, name: str, importer: str) -> Meaning | None:
        """What ``from module import name`` gives; None when that is not certain."""
        if self.project.find(module, importer) is None:
            # Not by `resolve`, which reads the whole project first.
            found = self.resolver.outside(module, name, importer)
        else:
            found = self.resolver.resolve(module, name, importer)
        handed = _handed_on(found.hops)
        if found.status == "external" and found.movable:
            return _outside(found).after(handed)
        if found.movable:
            if found.kind == "module":
                return Meaning(found.module).after(handed)
            return self.definition(found.module, found.name, found.path).after(handed)
        is_open = found.status in ("guarded", "conditional")
        return self._by_reading(module, name, importer) if is_open else None

    def definition(self, module: str, name: str, path: str) -> Meaning:
        """A definition of the project, under its module's first name."""
        return Meaning(self.project.primary_name(path) or module, name)

    def star_member(self, module: str, name: str, importer: str) -> Meaning | None:
        """What ``from module import *`` gives; `NOTHING` when it has no such name."""
        top = module.partition(".")[0]
        if self.project.find(module, importer) is None:
            if top in sys.stdlib_module_names:
                return NOTHING
            return _outside(Resolution("external", module, name))
        if self.resolver.star_member(module, name, importer) is None:
            return NOTHING
        return self.member(module, name, importer)

    def patched(self, module: str, name: str) -> bool:
        """Whether another file of the project sets ``module.name`` when it is imported."""
        if name not in self._patches:
            self._patches[name] = frozenset(self._patched_modules(name))
        return module in self._patches[name]

    def _patched_modules(self, name: str) -> Iterator[str]:
        word = name.encode()
        for path in self.project.facts.attribute_setters:
            if word not in (self.project.facts.bytes_of(path) or b""):
                continue
            facts = self.project.facts[path]
            own = Module(self.project.primary_name(path) or "", path, facts)
            for owner, attribute, _ in facts.patches:
                if attribute == name:
                    yield self.resolver.dotted(own, owner).module

    def _by_reading(self, module: str, name: str, importer: str) -> Meaning | None:
        """Where the facts leave a doubt, the statements may not: ``except ImportError: f = None``
        binds the name again, but to nothing that can be used."""
        holder = self.project.find(module, importer)
        if holder is None or holder.facts is None or self.resolver.alias_of(holder) is not None:
            return None
        key = (holder.path, name)
        if key not in self._members and key not in self._open:
            self._open.add(key)
            names = self.file(holder.path)
            found = names.of_name(name, names.scopes.module) if names is not None else None
            self._open.discard(key)
            usable = found if found is not None and found != NOTHING else None
            self._members[key] = (
                replace(usable, steps=(_handed_on_by(holder.path, usable),), imports=())
                if usable is not None
                else None
            )
        return self._members.get(key)


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
        if isinstance(node, ast.Constant) and node.value is None:
            return NOTHING
        if isinstance(node, ast.NamedExpr):
            return self.of(node.value, scope)
        if isinstance(node, ast.IfExp):
            return _same([self.of(node.body, scope), self.of(node.orelse, scope)])
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            return _same([self.of(value, scope) for value in node.values])
        if isinstance(node, ast.Call):
            return self._of_call(node, scope)
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
        found = _same([self._of_node(name, node) for node in nodes])
        if owner is not self.scopes.module or found is None:
            return found
        if self.facts.overwrites:
            return None
        if found.is_client and self.meanings.patched(self.module, name):
            return None
        later = self._of_stars(name, max(getattr(node, "lineno", 0) for node in nodes))
        return _same([found, later])

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
        written = "." * node.level + (node.module or "")
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

    def _attribute(self, owner: Meaning | None, name: str) -> Meaning | None:
        if owner is None or owner.name or owner == NOTHING:
            return None
        found = self.meanings.member(owner.module, name, self.path)
        if found is None:
            return None
        return replace(found, steps=(*owner.steps, *found.steps), imports=owner.imports)

    def target(self, node: ast.ImportFrom) -> str | None:
        """The absolute name of the module that a from-import names."""
        return absolute("." * node.level + (node.module or ""), self.package)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around a node."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

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
        return self.document.place(self.document.span(node)[0])[0]


def _same(meanings: list[Meaning | None]) -> Meaning | None:
    """What all of several bindings mean, those aside that give nothing to use."""
    found = NOTHING
    for meaning in meanings:
        if meaning is None or (found != NOTHING and meaning not in (found, NOTHING)):
            return None
        if found == NOTHING:
            found = meaning
    return found


def _outside(found: Resolution) -> Meaning:
    """A module or name that is not the project's."""
    if found.kind == "module" or not found.name:
        return Meaning(found.module)
    full = f"{found.module}.{found.name}"
    if full in CLASS_MODULES:
        return Meaning(full)
    if found.name == CLASS_NAME and found.module in CLASS_MODULES:
        return CLIENT
    return Meaning(found.module, found.name)


def _handed_on(hops: tuple[Hop, ...]) -> str:
    paths = dict.fromkeys(hop.path for hop in hops)
    return f"handed on by {', '.join(paths)}" if paths else ""


def _handed_on_by(path: str, meaning: Meaning) -> str:
    further = [s.removeprefix("handed on by ") for s in meaning.steps if s.startswith("handed on")]
    return f"handed on by {', '.join((path, *further))}"
