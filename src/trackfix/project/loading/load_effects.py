"""What modules do when they are loaded, besides to define names: they set something up, or enter
what they define into a table, a group or a list of another module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.facts.expressions import (
    call_name,
    dotted,
    is_not_for_imports,
    last_name,
    root_name,
    written_module,
)
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.meaning.scope_analysis import analyse
from trackfix.project.meaning.scopes import Scopes
from trackfix.project.modules.resolution import Resolution, Resolver
from trackfix.project.project import Project
from trackfix.source.document import Document
from trackfix.source.errors import SourceError
from trackfix.source.syntax_index import children

_Assignment = (ast.Assign, ast.AugAssign, ast.AnnAssign)
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Statements with statements in them that are executed when the module is.
_BLOCKS = (ast.If, ast.Try, ast.With, ast.For, ast.While)
# Methods that change what they are called on.
_ENTERING = frozenset(
    {"add", "append", "extend", "insert", "register", "setdefault", "subscribe", "update"}
)
# Decorators of libraries that keep what they are given.
_KEEPING = frozenset(
    {
        "atexit.register",
        "celery.shared_task",
        "django.contrib.admin.register",
        "django.dispatch.receiver",
        "dramatiq.actor",
        "sqlalchemy.event.listens_for",
    }
)
# Classes of SQLAlchemy: each that derives from one, or is made by one, has a list of the tables
# below it. Those of SQLModel share one list.
# https://docs.sqlalchemy.org/en/20/orm/declarative_styles.html
_TABLE_BASES = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "sqlalchemy.orm.DeclarativeMeta",
    }
)
_TABLES = frozenset({"sqlmodel.SQLModel"})
_BASE_MAKERS = frozenset({"automap_base", "declarative_base", "generate_base"})
# Each enters itself into the list that it is given.
# https://docs.sqlalchemy.org/en/20/core/metadata.html
_LISTED = frozenset({"sqlalchemy.Table", "sqlalchemy.schema.Table"})
# Calls that only give a warning, or take from what is there.
_HARMLESS = frozenset({"warn", "warn_explicit", "debug", "info", "warning", "getLogger"})


class LoadEffects:
    """What the modules of one project do when they are loaded."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self._project = project
        self._resolver = resolver
        self._lines: dict[str, int] = {}
        self._entries: dict[str, int] = {}

    def line(self, path: str) -> int:
        """The first line of a file that does something to what other modules see; 0 for none."""
        if path not in self._lines:
            try:
                document = self._project.document(path)
                found = _Reading(document, self._resolver).lines()
                self._lines[path] = min(found, default=0)
            except SourceError:
                self._lines[path] = 0
        return self._lines[path]

    def entry_line(self, path: str) -> int:
        """The first assignment of a file whose value is entered elsewhere; 0 for none."""
        if path not in self._entries:
            try:
                found = _Reading(self._project.document(path), self._resolver).entry_lines()
                self._entries[path] = min(found, default=0)
            except SourceError:
                self._entries[path] = 0
        return self._entries[path]


class _Reading:
    """One file, statement by statement."""

    def __init__(self, document: Document, resolver: Resolver) -> None:
        self._document = document
        self._resolver = resolver
        self._names = resolver.analysis(Meanings).file(document.path)
        self._scopes: Scopes = analyse(document)

    def lines(self) -> Iterator[int]:
        for node in self._executed(self._document.tree.body):
            if self._does_something(node):
                yield self._document.file_line(node.lineno)

    def entry_lines(self) -> Iterator[int]:
        for node in self._executed(self._document.tree.body):
            if isinstance(node, _Assignment) and self._is_entered(node):
                yield self._document.file_line(node.lineno)

    def _executed(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        """The statements of the module that are executed when it is loaded."""
        for node in body:
            if isinstance(node, ast.If) and is_not_for_imports(node.test):
                yield from self._executed(node.orelse)
            elif isinstance(node, _BLOCKS):
                for part in (node, *getattr(node, "handlers", ())):
                    yield from self._executed(
                        [child for child in children(part) if isinstance(child, ast.stmt)]
                    )
            else:
                yield node

    def _does_something(self, node: ast.stmt) -> bool:
        if isinstance(node, _Definition):
            return any(map(self._enters, node.decorator_list)) or (
                isinstance(node, ast.ClassDef) and any(map(self._notes_subclasses, node.bases))
            )
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            return self._acts(node.value)
        if isinstance(node, _Assignment):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            return self._is_entered(node) or any(map(self._is_of_another, targets))
        return False

    def _is_entered(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> bool:
        """Whether a call in the value of an assignment keeps what it is given elsewhere."""
        waiting: list[ast.AST | None] = [node.value]
        while waiting:
            part = waiting.pop()
            if isinstance(part, ast.Call) and (
                self._enters(part.func) or self._adds_to_another(part.func) or self._is_listed(part)
            ):
                return True
            if part is not None and not isinstance(part, ast.Lambda):
                waiting += children(part)
        return False

    def _adds_to_another(self, function: ast.expr) -> bool:
        """``state.FLAGS.append``, where ``state`` is imported from the project."""
        if not isinstance(function, ast.Attribute) or function.attr not in _ENTERING:
            return False
        return any(
            module.startswith(".") or self._resolver.project.find(module, self._document.path)
            for node in self._scopes.module.bindings.get(root_name(function), [])
            for module in _imported_modules(node)
        )

    def _is_listed(self, call: ast.Call) -> bool:
        """``Table("items", metadata)``, where ``metadata`` is imported."""
        lists = map(root_name, call.args[1:2])
        return any(map(self._imports, lists)) and self._is_one_of(call.func, _LISTED)

    def _is_of_another(self, target: ast.expr) -> bool:
        """Whether something is set in what does not belong to this module."""
        if not isinstance(target, (ast.Attribute, ast.Subscript)):
            return False
        return self._imports(root_name(target))

    def _imports(self, name: str) -> bool:
        nodes = self._scopes.module.bindings.get(name, [])
        return any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes)

    def _acts(self, call: ast.Call) -> bool:
        """Whether a call that stands for itself does more than to change what is defined here."""
        name = (call_name(call) or "").rpartition(".")[2]
        if name in _HARMLESS:
            return False
        root = root_name(call.func)
        is_own = root in self._scopes.module.bindings and not self._imports(root)
        return not (is_own and isinstance(call.func, ast.Attribute)) and bool(root)

    def _enters(self, decorator: ast.expr) -> bool:
        """Whether a decorator, or a call, keeps what it is given in another module."""
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = dotted(called) or ""
        if name in _KEEPING or self._is_one_of(called, _KEEPING):
            return True
        root, _, rest = name.partition(".")
        if not root or not self._imports(root):
            return False
        found = self._resolved(called)
        if found is not None:
            return self._keeps(found)
        # A method of an object of the project: the object is what keeps it.
        owner = self._resolved(called.value) if isinstance(called, ast.Attribute) else None
        return bool(rest) and owner is not None and owner.kind != "module"

    def _notes_subclasses(self, base: ast.expr) -> bool:
        if self._is_one_of(base, _TABLES):
            return True
        found = self._resolved(base)
        if found is None:
            return self._is_of_object(base)
        node = self._definition(found)
        hooks = [
            part
            for part in (node.body if isinstance(node, ast.ClassDef) else ())
            if isinstance(part, ast.FunctionDef) and part.name == "__init_subclass__"
        ]
        is_other = found.path != self._document.path
        return any(map(_changes_others, hooks)) or (is_other and self._lists_tables(found))

    def _lists_tables(self, base: Resolution) -> bool:
        """Whether the classes that derive from a class of the project become tables of its list."""
        waiting, seen = [self._bound(base)], set()
        while waiting:
            node, reading = waiting.pop()
            if node is None or reading is None or node in seen:
                continue
            seen.add(node)
            if isinstance(node, ast.Call) and last_name(node.func) in _BASE_MAKERS:
                return True
            if not isinstance(node, ast.ClassDef):
                continue
            above = [*node.bases, *(keyword.value for keyword in node.keywords)]
            if any(reading._is_one_of(part, _TABLE_BASES) for part in above):
                return True
            waiting += map(reading._meant, node.bases)
        return False

    def _meant(self, node: ast.expr) -> tuple[ast.AST | None, _Reading | None]:
        """What `_bound` tells of what an expression means, if that is of the project."""
        if isinstance(node, ast.Name) and not self._imports(node.id):
            return self._value(node.id), self
        found = self._resolved(node)
        return self._bound(found) if found is not None else (None, None)

    def _is_of_object(self, node: ast.expr) -> bool:
        """Whether a name belongs to an object that another module of the project makes, as in
        ``db.Model`` where ``db = SQLAlchemy()``."""
        if not isinstance(node, ast.Attribute) or not self._imports(root_name(node)):
            return False
        owner = self._resolved(node.value)
        return owner is not None and isinstance(self._bound(owner)[0], ast.Call)

    def _is_one_of(self, node: ast.expr, names: frozenset[str]) -> bool:
        """Whether an expression means one of these definitions of libraries."""
        rest = ""
        while self._names is not None:
            meaning = self._names.of(node, self._scopes.module)
            if meaning is not None:
                return ".".join(filter(None, (meaning.module, meaning.name))) + rest in names
            if not isinstance(node, ast.Attribute):
                break
            # What is taken from a library may be a module of it: ``from sqlalchemy import event``.
            rest = f".{node.attr}{rest}"
            node = node.value
        return False

    def _resolved(self, node: ast.expr) -> Resolution | None:
        """The definition in the project that an expression means."""
        meaning = self._names.of(node, self._scopes.module) if self._names is not None else None
        if meaning is None or not meaning.module:
            return None
        found = self._resolver.resolve(meaning.module, meaning.name, self._document.path)
        return found if found.path else None

    def _keeps(self, found: Resolution) -> bool:
        node, reading = self._bound(found)
        if isinstance(node, _Definition):
            return _changes_others(node)
        if reading is None or not isinstance(node, ast.Attribute):
            return False
        # ``task = Celery("x").task``: the object is what keeps it.
        is_own = isinstance(node.value, ast.Call) or not reading._imports(root_name(node))
        return is_own or reading._is_of_object(node)

    def _definition(self, found: Resolution) -> ast.AST | None:
        node, _ = self._bound(found)
        return node if isinstance(node, _Definition) else None

    def _bound(self, found: Resolution) -> tuple[ast.AST | None, _Reading | None]:
        """What `_value` tells of a name in its module, and the module."""
        try:
            reading = _Reading(self._resolver.project.document(found.path), self._resolver)
        except SourceError:
            return None, None
        return reading._value(found.name), reading

    def _value(self, name: str) -> ast.AST | None:
        """The definition that a name has last in this module, or the value that it is given at the
        left margin."""
        nodes = self._scopes.module.bindings.get(name, [])
        last = nodes[-1] if nodes else None
        for node in self._document.tree.body:
            if isinstance(node, ast.Assign) and last in node.targets:
                return node.value
            if isinstance(node, ast.AnnAssign) and last in (node, node.target):
                return node.value
        return last


def _imported_modules(node: ast.AST) -> list[str]:
    """The modules that an import names, as it is written."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [written_module(node)] if isinstance(node, ast.ImportFrom) else []


def _changes_others(definition: ast.AST) -> bool:
    """Whether the code of a function or class changes something that is not its own."""
    own = {part.arg for part in ast.walk(definition) if isinstance(part, ast.arg)}
    declared = {
        name for part in ast.walk(definition) if isinstance(part, ast.Global) for name in part.names
    }
    for part in ast.walk(definition):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            own.add(part.id)
    own -= declared
    for part in ast.walk(definition):
        changed: ast.expr | None = None
        if isinstance(part, (ast.Subscript, ast.Attribute)) and isinstance(part.ctx, ast.Store):
            changed = part
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            changed = part.func if part.func.attr in _ENTERING else None
        if changed is not None and (root := root_name(changed)) and root not in own:
            return True
    return False
