"""The inventory of a project: its re-export modules and all that refers to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.facts.module_facts import Import
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Module, Project, absolute
from trackfix.project.reexports.finder import find_reexport_modules
from trackfix.project.reexports.reexport_module import ReexportModule
from trackfix.project.references.finder import files_with_references, find_references
from trackfix.project.references.mentions import find_mentions
from trackfix.project.references.moves import Moves
from trackfix.project.references.pickles import find_pickled_names
from trackfix.project.shims.users import MAY_IMPORT, by_paths_of_a_run, is_for_others
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError

KINDS = ("source", "tests", "notebooks", "strings", "text")


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One place that refers to a re-export module. ``kind`` is one of `KINDS`; ``form`` tells how:
    ``import-from``, ``import``, ``star``, ``attribute``, ``string``, ``docstring``, ``pickle``,
    ``text`` or ``comment``; a ``word`` is a string that may be about anything else. ``name`` is the
    name taken from the module, empty for the module itself."""

    path: str
    line: int
    column: int
    form: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """A re-export module with the references to it. Comments and words are listed, but do not
    count. ``is_for_others`` tells that other packages refer to it."""

    module: ReexportModule
    references: tuple[Reference, ...]
    is_for_others: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """The number of references of each kind."""
        found = Counter(r.kind for r in self.references if r.form not in ("comment", "word"))
        return {kind: found[kind] for kind in KINDS}

    @property
    def total(self) -> int:
        """The number of references."""
        return sum(self.counts.values())

    @property
    def is_dead(self) -> bool:
        """Whether it is a shim that nothing refers to any more, nor may do so."""
        is_kept = self.is_for_others or any(r.form != "comment" for r in self.references)
        return self.module.class_ == "shim" and not is_kept

    def uses(self, name: str) -> int:
        """How often ``name`` is taken from the module."""
        return sum(1 for reference in self.references if reference.name == name)


def take_inventory(project: Project) -> list[InventoryEntry]:
    """All re-export modules, those first that nothing refers to, then by path.

    For facades the import statements are counted, for the others every reference.
    """
    resolver = Resolver(project)
    entries = find_reexport_modules(project, resolver)
    moves = Moves(project, resolver, entries, classes=frozenset({"shim", "mixed", "wrapper"}))
    found: dict[str, list[Reference]] = {}
    for path in files_with_references(moves):
        try:
            for key, reference in _references(project, moves, path):
                if path != key:
                    found.setdefault(key, []).append(reference)
        except SourceError:
            continue
    facades = {entry.path for entry in entries if entry.class_ == "facade" and not entry.virtual}
    for key, reference in _imports_of(project, facades):
        found.setdefault(key, []).append(reference)
    known = {(key, r.path, r.line, r.column) for key, refs in found.items() for r in refs}
    # The import of a doctest names the module further on in its line.
    shown = {
        (key, r.path, r.line) for key, refs in found.items() for r in refs if r.form == "docstring"
    }
    for mention in find_mentions(project, moves):
        place = (mention.key, mention.path, mention.line, mention.column)
        if mention.path != mention.key and place not in known and place[:3] not in shown:
            form = "text" if mention.blocks else "comment"
            found.setdefault(mention.key, []).append(
                Reference(mention.path, mention.line, mention.column, form, "", "text")
            )
    for key, path, line in find_pickled_names(project, moves):
        if path != key:
            kind = "strings" if path in project.facts else "text"
            found.setdefault(key, []).append(Reference(path, line, 1, "pickle", "", kind))
    for key, reason in by_paths_of_a_run(project, moves):
        is_import = reason.text == MAY_IMPORT
        form, kind = ("import", _kind(reason.path)) if is_import else ("string", "strings")
        found.setdefault(key, []).append(Reference(reason.path, reason.line, 1, form, "", kind))
    inventory = [
        InventoryEntry(e, tuple(sorted(found.get(e.key, ()))), is_for_others(e, project))
        for e in entries
    ]
    order = {"shim": 0, "wrapper": 1, "mixed": 2, "facade": 3}
    return sorted(
        inventory,
        key=lambda e: (order[e.module.class_], e.total > 0, e.module.path, e.module.module),
    )


def _imports_of(project: Project, paths: set[str]) -> Iterator[tuple[str, Reference]]:
    """The import statements that name one of these modules. Facades are public, so a look at the
    imports will do for them."""
    for path, facts in project.facts.items():
        package = Module(project.primary_name(path) or "", path, facts).package
        for statement in facts.imports:
            target = absolute(statement.module, package)
            module = project.find(target, path) if target else None
            if module is not None and module.path in paths and module.path != path:
                form = "import-from" if statement.names else "import"
                line = _line(project, path, statement)
                for name in statement.names or ("",):
                    place = (path, line, 1, "star" if name == "*" else form)
                    yield module.path, Reference(*place, "" if name == "*" else name, _kind(path))


def _line(project: Project, path: str, statement: Import) -> int:
    is_notebook = path.endswith(".ipynb")
    return project.document(path).file_line(statement.line) if is_notebook else statement.line


def _kind(path: str) -> str:
    if path.endswith(".ipynb"):
        return "notebooks"
    return "tests" if is_test_path(path) else "source"


def _references(project: Project, moves: Moves, path: str) -> list[tuple[str, Reference]]:
    references = find_references(project.document(path), moves)
    document = references.document
    kind = _kind(path)
    found: list[tuple[str, Reference]] = []

    def note(key: str, offset: int, form: str, name: str, kind: str = kind) -> None:
        line, column = document.place(offset)
        found.append((key, Reference(path, line, column, form, name, kind)))

    for statement in references.from_imports:
        offset = document.span(statement.node)[0]
        for name in statement.names:
            star = name == "*"
            form = "star" if star else "import-from"
            note(statement.moved.key, offset, form, "" if star else name)
    for binding in references.bindings:
        for node, _ in binding.statements:
            offset = document.span(node)[0]
            note(binding.moved.key, offset, "import", "")
        for use in binding.uses:
            note(binding.moved.key, use.use.start, "attribute", use.attribute)
    for string in references.strings:
        offset = document.span(string.node)[0]
        for name in sorted(string.names) or ("",):
            form = "word" if string.is_guess else "string"
            note(string.moved.key, offset, form, name, "strings")
    for doc in references.docs:
        for name in doc.names or ("",):
            note(doc.moved.key, doc.start, "docstring", name, "strings")
    return found
