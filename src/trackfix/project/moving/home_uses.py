"""Who looks a name up where it is defined, or replaces it there, apart from any moved module."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trackfix.project.facts.expressions import call_name, string_value
from trackfix.project.meaning.scope_analysis import analyse
from trackfix.project.meaning.scopes import Scope
from trackfix.project.project import Project
from trackfix.project.references.finder import find_references
from trackfix.project.references.moves import Moves
from trackfix.project.references.references import FileReferences, ModuleUse
from trackfix.project.references.replaced_names import replaced_names
from trackfix.project.references.strings import StringReference
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_READS = frozenset({"getattr", "hasattr"})


@dataclass(frozen=True, slots=True)
class HomeUse:
    """A place that refers to ``name`` of ``module``: ``is_late`` if that happens when a function
    runs, ``replaces`` if a test sets the name itself. ``below`` is the attribute of the name that
    is set instead; None if the name is handed on, so that any may be.
    """

    path: str
    line: int
    module: str
    name: str
    is_late: bool
    replaces: bool = False
    below: str | None = ""


def find_home_uses(
    moves: Moves, wanted: Mapping[str, frozenset[str]], paths: Iterable[str]
) -> Iterator[HomeUse]:
    """The uses of the ``wanted`` names (by module) in those of the files that may name them."""
    project = moves.project
    asked = Moves(project, moves.resolver, ())
    asked.module_renames = {}
    asked.symbol_renames = {
        module: {name: f"{module}:{name}" for name in names} for module, names in wanted.items()
    }
    words = [
        (module.rpartition(".")[2].encode(), [name.encode() for name in names])
        for module, names in wanted.items()
    ]
    for path in paths:
        data = project.read_if_possible(path)
        if any(last in data and any(name in data for name in names) for last, names in words):
            try:
                references = find_references(project.document(path), asked)
            except SourceError:
                continue
            yield from _Reader(references, wanted).uses()


def uses_inside(project: Project, module: str, name: str, importer: str) -> Iterator[HomeUse]:
    """Where functions of ``module`` look up its own ``name`` when they run; what defines the name
    is not counted, since a patch takes its place."""
    home = project.find(module, importer)
    if home is None or not home.path or home.facts is None or home.path.endswith(".pyi"):
        return
    try:
        document = project.document(home.path)
        scopes = analyse(document)
    except SourceError:
        return
    for use in scopes.uses_of(name, scopes.module):
        around = list(_around(use.scope))
        is_late = any(isinstance(node, _FUNCTIONS) for node in around)
        is_own = bool(around) and getattr(around[-1], "name", "") == name
        if is_late and not is_own and not use.quoted:
            line = document.file_line(use.node.lineno)
            yield HomeUse(home.path, line, module, name, is_late=True)


def _around(scope: Scope) -> Iterator[ast.AST]:
    """The functions and classes that a scope is in, from the innermost outwards."""
    current: Scope | None = scope
    while current is not None and current.parent is not None:
        yield current.node
        current = current.parent


class _Reader:
    def __init__(self, references: FileReferences, wanted: Mapping[str, frozenset[str]]) -> None:
        self.references = references
        self.document = references.document
        self.path = references.document.path
        self.wanted = wanted
        self.in_tests = is_test_path(self.path)

    def uses(self) -> Iterator[HomeUse]:
        for statement in self.references.from_imports:
            for name in statement.names:
                below = None if self.in_tests else ""
                yield from self._use(statement.node, statement.moved.key, name, below=below)
        for binding in self.references.bindings:
            for use in binding.uses:
                if use.attribute and not use.use.quoted:
                    yield from self._module_use(use, binding.moved.key)
                elif self.in_tests and not use.use.quoted:
                    module = use.use.chain[use.depth - 1] if use.depth else use.use.node
                    yield from self._replaced_in(module, binding.moved.key)
        for string in self.references.strings if self.in_tests else ():
            yield from self._named_in(string)

    def _named_in(self, string: StringReference) -> Iterator[HomeUse]:
        """What a string names, in a test."""
        key, text = string.moved.key, str(string.node.value)
        if string.is_stand_in:
            for name in sorted(self.wanted.get(key, ())):
                yield from self._use(string.node, key, name, replaces=True)
        elif string.is_entry:
            yield from self._replaced_in(self.references.parents[string.node], key)
        elif text == f"{string.moved.name}.__dict__":
            yield from self._replaced_in(string.node, key)
        last = text.replace(":", ".").rpartition(".")[2]
        for name in string.names if string.is_looked_up and not string.is_entry else ():
            is_whole = last == name or text == string.moved.name  # patch.multiple
            sets = {"replaces": True} if is_whole else {"below": last}
            yield from self._use(string.node, key, name, **sets)

    def _replaced_in(self, module: ast.AST, key: str) -> Iterator[HomeUse]:
        """What a test replaces in a module object, or in the dictionary of one."""
        names = replaced_names(module, self.references.parents, self.references.scopes)
        wanted = self.wanted.get(key, frozenset())
        assert isinstance(module, ast.expr)
        for name in sorted(wanted if names is None else names & wanted):
            yield from self._use(module, key, name, replaces=True)

    def _module_use(self, use: ModuleUse, module: str) -> Iterator[HomeUse]:
        further = use.use.chain[use.depth + 1 :]
        replaces = use.replaces
        below: str | None = ""
        if further and not isinstance(further[0].ctx, ast.Load):
            below = further[0].attr
        elif not further and not use.assigned and use.literal is None:
            below = _set_in_call(use)
        yield from self._use(use.use.node, module, use.attribute, replaces=replaces, below=below)

    def _use(
        self,
        node: ast.stmt | ast.expr,
        module: str,
        name: str,
        *,
        replaces: bool = False,
        below: str | None = "",
    ) -> Iterator[HomeUse]:
        if name in self.wanted.get(module, ()):
            line = self.document.file_line(node.lineno)
            yield HomeUse(self.path, line, module, name, self._is_late(node), replaces, below)

    def _is_late(self, node: ast.AST) -> bool:
        current: ast.AST | None = node
        while current is not None:
            if isinstance(current, _FUNCTIONS):
                return True
            current = self.references.parents.get(current)
        return False


def _only_reads(call: ast.AST | None) -> bool:
    return (call_name(call) or "") in _READS


def _set_in_call(use: ModuleUse) -> str | None:
    """What ``setattr(module.name, "attribute", value)`` sets; None if that can't be told."""
    call, outer = use.use.parent, use.use.chain[-1]
    if isinstance(call, ast.Call):
        if call.func is outer or _only_reads(call):
            return ""
        if len(call.args) > 1 and call.args[0] is outer:
            return string_value(call.args[1]) or None
    return None
