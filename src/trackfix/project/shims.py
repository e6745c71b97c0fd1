"""What rules want to know of the shims of a project: what refers to them, and which can go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.binding_plans import BindingPlan
from trackfix.project.cycles import ImportGraph
from trackfix.project.docstrings import DocReference
from trackfix.project.mentions import MentionFinder
from trackfix.project.movable import FileItems, Item, Subject, agree
from trackfix.project.moves import Moves, Target
from trackfix.project.project import Project
from trackfix.project.reexport_reading import ReexportModule
from trackfix.project.reexports import find_shims
from trackfix.project.references import (
    FileReferences,
    FromImport,
    ModuleBinding,
    files_with_references,
    find_references,
)
from trackfix.project.resolution import Resolver
from trackfix.project.shim_users import (
    Reason,
    Reasons,
    code_reasons,
    may_go,
    other_reasons,
    removable,
)
from trackfix.project.star_plans import StarPlan
from trackfix.project.string_contexts import context_of
from trackfix.project.strings import StringReference
from trackfix.source.document import Document
from trackfix.source.errors import SourceError
from trackfix.source.text import decode

_MODULE = re.compile(r"from[\s\\]*(\.*[\w.]*)")
_Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class ShimReference:
    """A statement, a use, or a string that refers to a moved module.

    Names of one statement that can be rewritten and names that can't are references of their own.
    ``place`` is line, column, last line, and the column behind the end. ``names`` are those that
    it takes, ``homes`` the modules that define them. ``safety`` is ``safe``, ``unsafe``, or empty
    if it can't be rewritten; ``obstacle`` says why it can't, or why it is not safe. ``shim`` is
    None for what only a setting moves.
    """

    path: str
    place: _Place
    module: str
    shim: ReexportModule | None
    names: tuple[str, ...]
    homes: tuple[str, ...]
    safety: str
    obstacle: str


class Shims:
    """The shims of a project and the references to them, by the data that the codemods use."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self.resolver = resolver
        self.moves = Moves(project, resolver, find_shims(project, resolver))
        self._own: dict[str, list[ReexportModule]] = {}
        for entry in self.moves.by_key.values():
            self._own.setdefault(entry.path, []).append(entry)

    @property
    def paths(self) -> Iterable[str]:
        """The files that are shims, or register them."""
        return self._own.keys()

    def at(self, path: str) -> list[ReexportModule]:
        """The shims in a file: itself, and what it puts into ``sys.modules``."""
        return self._own.get(path, [])

    @staticmethod
    def confidence(shim: ReexportModule | None) -> float:
        """How sure it is that a module is a shim: less so if nothing but its form tells."""
        said = shim is None or shim.deprecated or shim.is_configured or shim.virtual
        return 1.0 if said else 0.7

    @cached_property
    def candidates(self) -> frozenset[str]:
        """The files that may refer to a shim."""
        return frozenset(files_with_references(self.project, self.moves))

    def references_in(self, path: str) -> tuple[ShimReference, ...]:
        """The references in a file, in their order."""
        return self._reading.references.get(path, ()) if path in self.candidates else ()

    def users(self, shim: ReexportModule) -> list[Reason]:
        """The references in code to a shim, its own left out."""
        return self._reading.reasons.get(_key(shim), [])

    @cached_property
    def dead(self) -> frozenset[str]:
        """The files of the shims that nothing refers to, and that ``remove-shims`` would remove."""
        possible = removable(may_go(self.project, self.moves), self._reading.reasons, self.project)
        if not possible:
            return frozenset()
        reasons = {key: list(found) for key, found in self._reading.reasons.items()}
        fewer = Moves(self.project, self.resolver, (self.moves.by_key[key] for key in possible))
        for key, reason in (*other_reasons(self.project, fewer), *self._unreadable(fewer)):
            reasons.setdefault(key, []).append(reason)
        return frozenset(removable(possible, reasons, self.project))

    def _unreadable(self, moves: Moves) -> Iterator[tuple[str, Reason]]:
        """What names a shim in files that are no Python, although they should be."""
        finder = MentionFinder(moves)
        for path in self._reading.unreadable:
            try:
                text = decode(self.project.read(path), cookie=False).text
            except SourceError:
                continue
            for _, key in finder.in_text(path, text):
                yield key, Reason(path, 1, "names it, but can't be read as Python")

    @cached_property
    def _reading(self) -> _Reading:
        return _Reading(self.moves, sorted(self.candidates))

    def homes_of(self, shim: ReexportModule) -> tuple[str, ...]:
        """The modules that the names of a shim come from."""
        return _own_first(shim.homes, shim.path, self.project)

    def nested_in(self, shim: ReexportModule) -> list[ReexportModule]:
        """Other shims that its names come through."""
        passed = {hop.module for found in shim.names.values() for hop in found.hops}
        return [
            other
            for other in self.moves.by_key.values()
            if other is not shim and not passed.isdisjoint(self.moves.names_of(other))
        ]

    def duplicates_of(self, shim: ReexportModule) -> list[ReexportModule]:
        """Other shims that hand on the same names from the same places."""
        names = {name: found.home for name, found in shim.names.items()}
        return [
            other
            for other in self.moves.by_key.values()
            if other is not shim
            and names
            and names == {name: found.home for name, found in other.names.items()}
        ]

    def is_lazy(self, shim: ReexportModule) -> bool:
        """Whether a shim answers for names when they are asked for."""
        facts = self.project.facts.get(shim.path)
        return (
            facts is not None
            and not shim.virtual
            and (
                bool(facts.delegates)
                or any(b.form == "lazy" for found in facts.bindings.values() for b in found)
            )
        )

    def replaces_itself(self, shim: ReexportModule) -> bool:
        """Whether a shim puts another module into ``sys.modules`` under its own name."""
        facts = self.project.facts.get(shim.path)
        own = ("", shim.module)
        return facts is not None and any(alias.name in own for alias in facts.aliases)

    def first_line(self, shim: ReexportModule) -> str:
        """The text of the line that a shim is shown at."""
        try:
            lines = self.project.document(shim.path).source.text.splitlines()
        except SourceError:
            return ""
        return lines[shim.line - 1] if shim.line <= len(lines) else ""


def _own_first(homes: Iterable[str], path: str, project: Project) -> tuple[str, ...]:
    """Those modules that are the project's own, sorted; all if none is. What a star import brings
    along from libraries says nothing of where the names of a shim belong."""
    found = tuple(sorted(homes))
    return tuple(home for home in found if project.find(home, path)) or found


def _key(shim: ReexportModule) -> str:
    return shim.module if shim.virtual else shim.path


class _Reading:
    """One pass over all files that may refer to a shim. Only what can depend on other files is
    held until all are read, as syntax trees take much memory."""

    def __init__(self, moves: Moves, paths: list[str]) -> None:
        self.moves = moves
        self.graph = ImportGraph(moves.project)
        self.references: dict[str, tuple[ShimReference, ...]] = {}
        self.reasons: Reasons = {}
        self.unreadable: list[str] = []
        waiting: list[tuple[FileItems, FileItems]] = []
        for path in paths:
            try:
                found = find_references(moves.project.document(path), moves)
            except SourceError:
                self.unreadable.append(path)
                continue
            finally:
                moves.project.forget(path)
            if not found:
                continue
            for key, reason in code_reasons(found):
                if path != key:
                    self.reasons.setdefault(key, []).append(reason)
            both = (
                FileItems(found, moves, self.graph, unsafe=False),
                FileItems(found, moves, self.graph, unsafe=True),
            )
            if any(item.late or item.patches for items in both for item in items.items):
                waiting.append(both)
            else:
                self._finish(*both)
        agree((safe for safe, _ in waiting), moves, unsafe=False)
        agree((unsafe for _, unsafe in waiting), moves, unsafe=True)
        for both in waiting:
            self._finish(*both)

    def _finish(self, safe: FileItems, unsafe: FileItems) -> None:
        blocked = {(id(i.subject), i.position) for i in unsafe.items if i.obstacle}
        grouped: dict[tuple[int, str], list[Item]] = {}
        for item in safe.items:
            safety = "safe"
            if item.obstacle:
                safety = "" if (id(item.subject), item.position) in blocked else "unsafe"
            grouped.setdefault((id(item.subject), safety), []).append(item)
        found = [
            reference
            for (_, safety), items in grouped.items()
            for reference in self._references(items, safety, safe.references)
        ]
        path = safe.path
        self.references[path] = tuple(sorted(found, key=lambda reference: reference.place))

    def _references(
        self, items: list[Item], safety: str, references: FileReferences
    ) -> Iterator[ShimReference]:
        first = items[0]
        subject = first.subject
        if not safety and (first.key == first.path or not _is_evident(subject, references)):
            return
        names = tuple(dict.fromkeys(name for item in items for name in _names(item)))
        found = {home for item in items for home in self._homes(item, names)}
        homes = tuple(sorted(found))
        if not names:
            homes = _own_first(homes, first.path, self.moves.project)
        for start, end in _spans(subject, items, references.document):
            place = (*references.document.place(start), *references.document.place(end))
            yield ShimReference(
                first.path,
                place,
                subject.moved.name,
                self.moves.by_key.get(first.key),
                names,
                tuple(sorted(homes))
                if names
                else _own_first(homes, first.path, self.moves.project),
                safety,
                _obstacle(items),
            )

    def _homes(self, item: Item, names: tuple[str, ...]) -> Iterator[str]:
        """The modules that define what a reference is about."""
        if isinstance(item.plan, Target):
            yield item.plan.module
            return
        if isinstance(item.plan, StarPlan) and item.plan.targets:
            yield from (target.module for target in item.plan.targets.values())
            return
        if isinstance(item.plan, (StarPlan, BindingPlan)) and not names:
            home = item.plan.module if isinstance(item.plan, StarPlan) else item.plan.home
            if home:
                yield home
                return
        entry = self.moves.by_key.get(item.key)
        wanted = names or (tuple(entry.names) if entry is not None else ())
        for name in wanted:
            target = self.moves.target(item.subject.moved, name, item.path)
            if target is not None:
                yield target.module


def _obstacle(items: list[Item]) -> str:
    """What stands in the way of items that have a fate in common."""
    obstacles = list(dict.fromkeys(item.obstacle for item in items if item.obstacle))
    more = f" (and {len(obstacles) - 1} more reasons)" if len(obstacles) > 1 else ""
    return f"{obstacles[0]}{more}" if obstacles else ""


def _is_evident(subject: Subject, references: FileReferences) -> bool:
    """Whether there is no doubt that this refers to a shim. A string that may be a word as well
    keeps the shim alive, but nobody should be told to change it."""
    if not isinstance(subject, StringReference) or not subject.obstacle:
        return True
    return bool(context_of(subject.node, references.parents, references.scopes)[0])


def _names(item: Item) -> list[str]:
    if isinstance(item.subject, DocReference):
        parts = (part.strip().partition(" as ")[0] for part in item.subject.attribute.split(","))
        return [part for part in parts if part]
    if isinstance(item.plan, StarPlan):
        return list(item.plan.targets)
    return sorted(item.names)


def _spans(subject: Subject, items: list[Item], document: Document) -> Iterator[tuple[int, int]]:
    """Where to point: at the module if all of a statement is meant, else at the names."""
    if isinstance(subject, FromImport):
        start, end = document.span(subject.node)
        match = _MODULE.match(document.code, start, end)
        if len(items) == len(subject.node.names) and match is not None:
            yield match.span(1)
            return
        for item in items:
            alias = subject.node.names[item.position]
            offset = document.lines.offset(alias.lineno, alias.col_offset)
            yield offset, offset + len(alias.name)
            return
    elif isinstance(subject, ModuleBinding):
        for _, alias in subject.statements:
            offset = document.lines.offset(alias.lineno, alias.col_offset)
            yield offset, offset + len(alias.name)
        if not subject.statements and not subject.calls:
            for use in subject.uses:
                yield use.use.start, use.use.ends[use.depth]
    elif isinstance(subject, StringReference):
        has_text = subject.end > subject.start
        yield (subject.start, subject.end) if has_text else document.span(subject.node)
    else:
        yield subject.start, subject.end
