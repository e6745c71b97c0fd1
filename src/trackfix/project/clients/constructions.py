"""Where a project constructs mlflow's ``MlflowClient``, by whatever name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.clients.doubles import Doubles
from trackfix.project.clients.forms import Form, find_form
from trackfix.project.facts.expressions import call_name, string_value
from trackfix.project.files_with_words import files_with, has_word
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_NAME, Meaning, Statement
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.meaning.scopes import Scope, Scopes
from trackfix.project.modules.resolution import Resolver
from trackfix.project.placed import Placed
from trackfix.project.project import Project
from trackfix.source.document import Document


@dataclass(frozen=True, eq=False)
class Construction(Placed):
    """One place where the class is constructed, or handed to what constructs it.

    ``callee`` is the expression that means the class, and ``call`` the call around it that goes
    with it: of the class itself, or of ``partial`` and ``field``; None where there is none.
    ``arguments`` and ``keywords`` are those that the class will get, as far as they stand there.
    ``name`` is the first word of ``callee``, empty where that is no name, ``bindings`` are all
    statements and nodes that bind it in its scope ``bound_in``, and ``imports`` are the imports of
    this file on its way here. Offsets count characters of the document.
    """

    document: Document
    scopes: Scopes
    form: Form
    callee: ast.expr
    scope: Scope
    statement: ast.stmt
    function: str
    evidence: str
    name: str
    bound_in: Scope | None
    imports: tuple[Statement, ...]

    @property
    def path(self) -> str:
        """The file."""
        return self.document.path

    @property
    def call(self) -> ast.Call | None:
        """The call that goes with the class."""
        return self.form.call

    @property
    def arguments(self) -> tuple[ast.expr, ...]:
        """The positional arguments that the class will get."""
        return self.form.arguments

    @property
    def keywords(self) -> tuple[ast.keyword, ...]:
        """The keyword arguments that the class will get."""
        return self.form.keywords

    @property
    def bindings(self) -> tuple[ast.AST, ...]:
        """What binds the first word of ``callee``; empty when a star import does."""
        return tuple(self.bound_in.bindings.get(self.name, ())) if self.bound_in else ()

    @property
    def span(self) -> tuple[int, int]:
        """Where the construction stands: the call, or what is handed on."""
        node = self.form.call if self.form.is_whole else None
        return self.document.span(node or self.callee)


class Clients:
    """The constructions of one project, and what is needed to find them."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self.meanings = resolver.analysis(Meanings)
        self._builtins: dict[str, bool] = {}

    @cached_property
    def words(self) -> frozenset[str]:
        """``MlflowClient``, and all other names under which modules of the project bind it."""
        known = self.project.known
        if known is not None and known.client_words is not None:
            return frozenset(known.client_words)
        words = {CLASS_NAME}
        wanted = [CLASS_NAME]
        while wanted:
            source = wanted.pop()
            for path in files_with(self.project, (source,), stubs=True):
                for name in self._renamed(path, source) - words:
                    words.add(name)
                    wanted.append(name)
        return frozenset(words)

    def _renamed(self, path: str, source: str) -> set[str]:
        """The other names by which importers of a file get what it knows as ``source``."""
        if not self.project.facts.tells(path, "renames", source):
            return set()
        facts = self.project.facts[path]
        renamed = {
            name
            for name, events in facts.bindings.items()
            if name != source and any(e.source.rpartition(".")[2] == source for e in events)
        }
        module = self.project.primary_name(path) if renamed else None
        if module is None:
            return set()
        found = ((name, self.meanings.member(module, name, path)) for name in renamed)
        return {name for name, meaning in found if meaning is not None and meaning.is_client}

    def is_builtin(self, word: str) -> bool:
        """Whether some file of the project seems to add a name to the builtins."""
        if word not in self._builtins:
            pattern = re.compile(rb"builtins\b[^\n]{0,80}\b%b\b" % word.encode())
            texts = (self.project.read(path) for path in files_with(self.project, (word,)))
            self._builtins[word] = any(pattern.search(text) for text in texts)
        return self._builtins[word]

    def files(self) -> Iterator[str]:
        """The files that could construct the class."""
        return files_with(self.project, self.words)

    def file(self, path: str, words: Iterable[str]) -> FileNames | None:
        """The names of one file; None when it holds none of ``words``, or is no Python."""
        if path not in self.project.facts or path.endswith(".pyi"):
            return None
        if not has_word(self.project, path, words):
            return None
        return self.meanings.file(path)

    def constructions(self, path: str) -> list[Construction]:
        """The constructions in one file, in the order of the text."""
        names = self.file(path, self.words)
        if names is None:
            return []
        return names.document.analysis(
            self, lambda: sorted(_find(names, self.words), key=lambda item: item.span)
        )


def _find(names: FileNames, words: frozenset[str]) -> Iterator[Construction]:
    doubles = Doubles(names)
    for callee, scope, meaning in _named(names, words):
        form = find_form(names, callee, scope)
        if form is None:
            continue
        root = _root_name(callee)
        bound_in = names.scopes.binding_scope(root, scope) if root else None
        bound_before = isinstance(callee, ast.Name) and (
            bound_in is None or bound_in is names.scopes.module
        )
        if doubles.hide(callee, bound_before=bound_before):
            continue
        yield Construction(
            document=names.document,
            scopes=names.scopes,
            form=form,
            callee=callee,
            scope=scope,
            statement=names.statement(callee),
            function=qualified_name(scope),
            evidence=", ".join(step for step in meaning.steps if step),
            name=root,
            bound_in=bound_in,
            imports=meaning.imports,
        )


def _named(names: FileNames, words: frozenset[str]) -> Iterator[tuple[ast.expr, Scope, Meaning]]:
    """All expressions of a file that mean the class."""
    local = words | _other_names(names, words)
    for use in names.scopes.uses:
        if use.quoted or not use.is_read or local.isdisjoint((use.name, *use.attributes)):
            continue
        meaning, depth = names.of_use(use)
        if meaning is not None and meaning.is_client and depth == len(use.chain):
            yield use.chain[-1] if use.chain else use.node, use.scope, meaning
    for call in names.document.index.calls:
        if call_name(call) == "getattr" and len(call.args) > 1:
            scope = _scope_of(names, call)
            found = names.of(call, scope) if string_value(call.args[1]) in words else None
            if found is not None and found.is_client:
                yield call, scope, found
            continue
        outer: ast.expr = call
        while isinstance(around := names.parents.get(outer), ast.Attribute):
            outer = around
            if outer.attr in words:
                # ``importlib.import_module("mlflow").MlflowClient``
                scope = _scope_of(names, outer)
                found = names.of(outer, scope)
                if found is not None and found.is_client:
                    yield outer, scope, found


def _root_name(callee: ast.expr) -> str:
    """The first word of an expression that means the class; empty when that is no name."""
    root = callee
    while isinstance(root, ast.Attribute) or call_name(root) == "getattr":
        root = root.args[0] if isinstance(root, ast.Call) else root.value  # type: ignore[attr-defined]
    return root.id if isinstance(root, ast.Name) else ""


def _scope_of(names: FileNames, node: ast.expr) -> Scope:
    """The scope in which an expression is evaluated, as its first name tells."""
    inner: set[ast.AST] = set(ast.walk(node))
    used = (use.scope for use in names.scopes.uses if use.node in inner)
    return next(used, names.scope_at(node))


def _other_names(names: FileNames, words: frozenset[str]) -> frozenset[str]:
    """The names that a file itself gives to what goes by one of ``words``."""
    known = set(words)
    # Most files have no ``:=``, and to look for one takes a walk.
    inner = ast.walk(names.document.tree) if ":=" in names.document.code else ()
    named = [node for node in inner if isinstance(node, ast.NamedExpr)]
    size = 0
    while size != len(known):
        size = len(known)
        for statement in names.scopes.statement_scopes:
            if isinstance(statement, ast.ImportFrom):
                known.update(a.asname for a in statement.names if a.asname and a.name in known)
            elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value:
                if known.isdisjoint(_last_names(statement.value)):
                    continue
                targets = getattr(statement, "targets", None) or [statement.target]  # type: ignore[union-attr]
                stored = (node for target in targets for node in ast.walk(target))
                known.update(node.id for node in stored if isinstance(node, ast.Name))
        known.update(n.target.id for n in named if not known.isdisjoint(_last_names(n.value)))
    return frozenset(known)


def _last_names(node: ast.expr) -> Iterator[str]:
    """The words by which an assigned value may mean a definition."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        yield node.id if isinstance(node, ast.Name) else node.attr
    elif isinstance(node, (ast.Tuple, ast.List)):
        for part in node.elts:
            yield from _last_names(part)
    elif isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from _last_names(part)
    elif isinstance(node, ast.IfExp):
        yield from _last_names(node.body)
        yield from _last_names(node.orelse)
    elif isinstance(node, ast.Call) and call_name(node) == "getattr" and len(node.args) > 1:
        yield string_value(node.args[1]) or ""


def qualified_name(scope: Scope) -> str:
    """The classes and functions around a scope, dotted; empty at the top of a module."""
    around: dict[ast.AST, str] = {}
    current: Scope | None = scope
    while current is not None:
        if isinstance(current.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            around[current.node] = current.node.name
        current = current.parent
    return ".".join(reversed(around.values()))
