"""The references to shims in all files, and what can be done about each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.facts.module_facts import MODULE_ATTRIBUTES
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.late_loads import LateLoads
from trackfix.project.moving.agreement import agree, is_import, replaced_modules
from trackfix.project.moving.binding_plans import BindingPlan
from trackfix.project.moving.home_uses import find_home_uses
from trackfix.project.moving.lost_loads import may_lose_loads
from trackfix.project.moving.movable import FileItems, Item, Span, Subject
from trackfix.project.moving.needed_imports import may_be_needed, taken_from_packages
from trackfix.project.moving.star_plans import StarPlan
from trackfix.project.moving.wider_patches import imports_module
from trackfix.project.project import Project
from trackfix.project.reexports.reexport_module import ReexportModule
from trackfix.project.references.docstrings import DocReference
from trackfix.project.references.finder import find_references
from trackfix.project.references.moves import Moves, Target
from trackfix.project.references.references import (
    SAME_OBJECT,
    FileReferences,
    FromImport,
    ModuleBinding,
)
from trackfix.project.references.string_contexts import context_of
from trackfix.project.references.strings import StringReference
from trackfix.project.shims.users import Reason, Reasons, code_reasons
from trackfix.project.test_paths import is_test_path
from trackfix.source.document import Document
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

_MODULE = lazy_pattern(r"from[\s\\]*(\.*[\w.]*)")
# One of some names as an attribute or a string of its own, but for attributes in imports.
_USED = r"(?m)^(?![ \t]*(?:from|import)\b)(?:.*[^\w.'\"])?[\w.]+\.(?:{0})\b|(['\"])(?:{0})\1"
_Place = tuple[int, int, int, int]
# What could move in a safe run, and in an unsafe one.
_Both = tuple[FileItems, FileItems]


@dataclass(frozen=True, slots=True)
class ShimReference:
    """A statement, a use, or a string that refers to a moved module.

    Names of one statement that can be rewritten and names that can't are references of their own.
    ``place`` is line, column, last line, and the column behind the end. ``names`` are those that
    it takes, ``homes`` the modules where they belong, ``defined`` what they are called there;
    without ``is_definition`` some are handed on there by a module that is not to be jumped over.
    ``safety`` is ``safe``, ``unsafe``, or empty if it can't be rewritten; ``obstacle`` says why it
    can't, or why it is not safe. ``shim`` is None for what only a setting moves.
    """

    path: str
    place: _Place
    module: str
    shim: ReexportModule | None
    names: tuple[str, ...]
    homes: tuple[str, ...]
    defined: tuple[str, ...]
    safety: str
    obstacle: str
    is_definition: bool = True


class ShimReading:
    """The references to shims in the files that may have some, each file read when it is asked for.

    Only what can depend on other files is held until all are read, as syntax trees take much
    memory.
    """

    def __init__(self, moves: Moves) -> None:
        self.moves = moves
        self.graph = ImportGraph(moves.project)
        self._late_loads = moves.resolver.analysis(LateLoads)
        self._done: dict[str, tuple[ShimReference, ...]] = {}
        self._waiting: dict[str, _Both] = {}
        self._reasons: dict[str, list[tuple[str, Reason]]] = {}
        self._unreadable: set[str] = set()
        # The modules that are imported by the files that are done, and the packages around them.
        self._imported: dict[str, frozenset[str]] = {}

    def references_in(self, path: str) -> tuple[ShimReference, ...]:
        """The references in one file. The others are read if those of this one depend on them."""
        if self.moves.filter.has_read_all:
            return self._all.get(path, ())
        self._read(path)
        both = self._waiting.get(path)
        if both is not None and _all_stay(both):
            return self._finished(*both)
        imported = self._imported.get(path, frozenset())
        if both is not None or self._patched(imported) or self._may_be_taken(imported):
            return self._all[path]
        return self._done[path]

    @cached_property
    def reasons(self) -> Reasons:
        """What keeps each shim, by its key: the references in all files but its own."""
        found: Reasons = {}
        for path in self._all:
            for key, reason in self._reasons.get(path, ()):
                if path != key:
                    found.setdefault(key, []).append(reason)
        return found

    @property
    def unreadable(self) -> list[str]:
        """The files that can't be read as Python."""
        return [path for path in self._all if path in self._unreadable]

    @cached_property
    def _all(self) -> dict[str, tuple[ShimReference, ...]]:
        """The references in all files, by their paths in order."""
        paths = sorted({*self.moves.filter.files, *self._done})
        for path in paths:
            self._read(path)
        late = {item.key for both in self._waiting.values() for item in both[0].items if item.late}
        needed = self._patched(late & set().union(*self._imported.values()))
        needed.update(*(taken_from_packages(safe) for safe, _ in self._waiting.values()))
        for path, imported in self._imported.items():
            again = self._items(path) if not imported.isdisjoint(needed) else None
            self._waiting |= {path: again} if again is not None else {}
        waiting = [self._waiting[path] for path in paths if path in self._waiting]
        agree((safe for safe, _ in waiting), self.moves, unsafe=False)
        agree((unsafe for _, unsafe in waiting), self.moves, unsafe=True)
        self._done |= {path: self._finished(*both) for path, both in self._waiting.items()}
        self._waiting.clear()
        return {path: self._done[path] for path in paths}

    def _read(self, path: str) -> None:
        if path in self._done:
            return
        self._done[path] = ()
        both = self._items(path)
        if both is None:
            return
        self._reasons[path] = list(code_reasons(both[0].references))
        if self._depends_on_others(both):
            self._waiting[path] = both
        else:
            self._done[path] = self._finished(*both)
            keys = {item.key for item in both[0].items if is_import(item)}
            self._imported[path] = frozenset(keys.union(*map(self.graph.around, keys)))

    def _items(self, path: str) -> _Both | None:
        """What could move in a file in a safe run, and in an unsafe one."""
        try:
            found = find_references(self.moves.project.document(path), self.moves)
        except SourceError:
            self._unreadable.add(path)
            return None
        if not found:
            return None
        return (
            FileItems(found, self.moves, self.graph, unsafe=False),
            FileItems(found, self.moves, self.graph, unsafe=True),
        )

    def _depends_on_others(self, both: _Both) -> bool:
        if may_be_needed(both[0]) or may_lose_loads(both[0], self.moves):
            return True
        items = [item for one in both for item in one.items]
        if any(item.late or item.patches or imports_module(item) for item in items):
            return True
        imported = {item.key for item in items if is_import(item)}
        return bool(imported) and (
            not imported.isdisjoint(self._replaced)
            or bool(self._late_loads.loaders(both[0].path))
            or self._may_be_patched(both[0].path, imported)
        )

    def _may_be_patched(self, path: str, imported: Collection[str]) -> bool:
        """Whether a file may be loaded while a test patches names of what it imports."""
        modules = {name for key in imported for name in self._modules_on_the_way(key)}
        words = {name.rpartition(".")[2].encode() for name in modules}
        return self._late_loads.may_be_under_patches(path, words)

    def _modules_on_the_way(self, key: str) -> Iterator[str]:
        """The names of a moved module, and of those through which its names come to it."""
        entry = self.moves.by_key.get(key)
        yield from self.moves.names_of(entry) if entry is not None else (key,)
        for found in entry.names.values() if entry is not None else ():
            yield from (hop.module for hop in found.hops[:-1])

    @cached_property
    def _replaced(self) -> set[str]:
        """The keys of the modules whose entry of ``sys.modules`` a test replaces."""
        holding = sorted(self.moves.project.facts.holding([b"sys.modules"]))
        found = (self._items(path) for path in holding if self.moves.filter.may_refer(path))
        return replaced_modules(item for both in found if both for item in both[0].items)

    def _patched(self, modules: Collection[str]) -> set[str]:
        """Those of some moved modules, by their keys, of which a test replaces a name in its home.
        Where it is looked up late as well, the imports of the module may have to stay."""
        keys: dict[tuple[str, str], set[str]] = {}
        for key in self.moves.by_key.keys() & set(modules):
            for found in self.moves.by_key[key].names.values():
                keys.setdefault((found.module, found.name), set()).add(key)
        names: dict[str, set[str]] = {}
        for home, name in keys:
            names.setdefault(home, set()).add(name)
        wanted = {home: frozenset(found) for home, found in names.items()}
        tests = filter(is_test_path, self.moves.project.facts) if wanted else ()
        uses = find_home_uses(self.moves, wanted, tests)
        return {key for u in uses if u.replaces for key in keys.get((u.module, u.name), ())}

    def _may_be_taken(self, modules: Collection[str]) -> bool:
        """Whether a file may take one of some moved modules from its package, without an import of
        its own: another one may have to stay for it."""
        entries = (self.moves.by_key[key] for key in self.moves.by_key.keys() & set(modules))
        names = {name for entry in entries for name in self.moves.names_of(entry) if "." in name}
        lasts = {name.rpartition(".")[2] for name in names}
        if not lasts:
            return False
        project = self.moves.project
        used = re.compile(_USED.format("|".join(map(re.escape, sorted(lasts)))).encode())
        for path in sorted(project.facts.holding([last.encode() for last in lasts])):
            if used.search(project.read_if_possible(path)) and self.moves.filter.may_refer(path):
                self._read(path)
            both = self._waiting.get(path)
            if both is not None and not taken_from_packages(both[0]).isdisjoint(modules):
                return True
        return False

    def _finished(self, safe: FileItems, unsafe: FileItems) -> tuple[ShimReference, ...]:
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
        return tuple(sorted(found, key=lambda reference: reference.place))

    def _references(
        self, items: list[Item], safety: str, references: FileReferences
    ) -> Iterator[ShimReference]:
        first = items[0]
        subject = first.subject
        if not safety and (first.key == first.path or not _is_evident(first, references)):
            return
        taken = [(item, name) for item in items for name in _names(item)]
        known = [name for item, name in taken if self._is_there(item, name)]
        lacking = (name for _, name in taken if name not in MODULE_ATTRIBUTES)
        names = tuple(dict.fromkeys(known or lacking))
        asked = items if known or not taken else []
        found = [place for item in asked for place in self._homes(item, names)]
        homes = tuple(sorted({module for module, _ in found}))
        defined = tuple(dict.fromkeys(name for _, name in found if name))
        is_definition = all(self._defines(*place, first.path) for place in found)
        assert not isinstance(subject, Span)
        if not names:
            homes = own_first(homes, first.path, self.moves.project)
        for start, end in _spans(subject, items, references.document):
            place = (*references.document.place(start), *references.document.place(end))
            yield ShimReference(
                first.path,
                place,
                subject.moved.name,
                self.moves.by_key.get(first.key),
                names,
                homes,
                defined,
                safety,
                _obstacle(items),
                is_definition,
            )

    def _defines(self, module: str, name: str, importer: str) -> bool:
        found = self.moves.resolver.resolve(module, name, importer) if name else None
        return found is None or found.module in ("", module)

    def _is_there(self, item: Item, name: str) -> bool:
        """Whether a name is more than one that is looked for in a shim that has none such."""
        assert not isinstance(item.subject, Span)
        moved = item.subject.moved
        if moved.entry is None or moved.key in self.moves.module_renames:
            return True
        return self.moves.resolver.resolve(moved.name, name, item.path).status != "missing"

    def _homes(self, item: Item, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The modules that define what a reference is about, and its names there."""
        if isinstance(item.plan, Target):
            yield item.plan.module, item.plan.name
            return
        if isinstance(item.plan, StarPlan) and item.plan.targets:
            yield from ((target.module, target.name) for target in item.plan.targets.values())
            return
        if isinstance(item.plan, (StarPlan, BindingPlan)) and not names:
            home = item.plan.module if isinstance(item.plan, StarPlan) else item.plan.home
            if home:
                yield home, ""
                return
        assert not isinstance(item.subject, Span)
        entry = self.moves.by_key.get(item.key)
        wanted = names or (tuple(entry.names) if entry is not None else ())
        for name in wanted:
            target = self.moves.target(item.subject.moved, name, item.path)
            if target is not None:
                yield target.module, target.name


def _all_stay(both: _Both) -> bool:
    """Whether nothing in a file can move anyway, whatever stays in others."""
    return all(item.obstacle for one in both for item in one.items)


def _obstacle(items: list[Item]) -> str:
    """What stands in the way of items that have a fate in common."""
    obstacles = list(dict.fromkeys(item.obstacle for item in items if item.obstacle))
    others = len(obstacles) - 1
    more = f" (and {others} more reason{'s' if others > 1 else ''})" if others > 0 else ""
    return f"{obstacles[0]}{more}" if obstacles else ""


def _is_evident(item: Item, references: FileReferences) -> bool:
    """Whether there is no doubt that somebody should be told to change this. A string that may be
    a word as well keeps the shim alive, as do a test of the shim itself and its own package; but
    they are as they are meant to be."""
    subject = item.subject
    if item.obstacle == SAME_OBJECT:
        return False
    if isinstance(subject, ModuleBinding) and subject.is_shown and not subject.uses:
        return False
    watchable = (FromImport, ModuleBinding, StringReference)
    if isinstance(subject, watchable) and subject.is_watched:
        return not is_test_path(references.document.path)
    if not isinstance(subject, StringReference) or not subject.obstacle:
        return True
    text = str(subject.node.value)
    is_named = subject.moved.name in text or text.startswith(".")
    context, _ = context_of(subject.node, references.parents, references.scopes)
    return is_named and context not in ("", "logger")


def _names(item: Item) -> list[str]:
    if isinstance(item.subject, DocReference):
        return list(item.subject.names)
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


def own_first(homes: Iterable[str], path: str, project: Project) -> tuple[str, ...]:
    """Those modules that are the project's own, sorted; all if none is. What a star import brings
    along from libraries says nothing of where the names of a shim belong."""
    found = tuple(sorted(homes))
    return tuple(home for home in found if project.find(home, path)) or found
