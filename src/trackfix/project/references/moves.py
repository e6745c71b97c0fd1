"""What is moved: for each shim and each rename, where a reference to it belongs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from trackfix.project.modules.resolution import Resolution, Resolver
from trackfix.project.modules.roots import local_root, module_name, parent_folder
from trackfix.project.project import Project
from trackfix.project.reexports.finder import find_reexport_modules
from trackfix.project.reexports.public_faces import is_private_part
from trackfix.project.reexports.reexport_module import ReexportModule

if TYPE_CHECKING:
    from trackfix.project.references.filter import ReferenceFilter


class Target(NamedTuple):
    """Where a reference belongs: a module and a name in it; an empty name is the module.

    ``obstacle`` says why it must not be rewritten; with an obstacle that is ``unsafe`` only, it
    may be rewritten on request.
    """

    module: str
    name: str
    obstacle: str = ""
    unsafe: bool = False


class MovedModule(NamedTuple):
    """A module whose names are to be referred to elsewhere, under the name that was written.

    ``key`` is the same for all names of one module. ``partial`` modules have names that stay.
    """

    name: str
    key: str
    entry: ReexportModule | None
    partial: bool


class Moves:
    """The moved modules and symbols of a project."""

    def __init__(
        self,
        project: Project,
        resolver: Resolver,
        entries: Iterable[ReexportModule],
        *,
        classes: frozenset[str] | None = frozenset({"shim"}),
    ) -> None:
        """``classes`` are those of the re-export modules that count as moved, None for all."""
        self.project = project
        self.resolver = resolver
        self.by_key: dict[str, ReexportModule] = {}
        for entry in entries:
            if classes is None or entry.class_ in classes:
                self.by_key[entry.key] = entry
        self.used = frozenset(k for k, entry in self.by_key.items() if entry.serves_others)
        self.module_renames: dict[str, str] = {}
        self.symbol_renames: dict[str, dict[str, str]] = {}
        for old, new in project.config.renames.items():
            module, colon, name = old.partition(":")
            if colon:
                self.symbol_renames.setdefault(module, {})[name] = new
            else:
                self.module_renames[old] = new

    def seen_from(self, project: Project) -> Moves:
        """The same moves in an edited project: what was a shim stays one until it is gone."""
        entries = [e for e in self.by_key.values() if e.virtual or e.path in project.facts]
        return Moves(project, Resolver(project), entries)

    def __bool__(self) -> bool:
        return bool(self.by_key or self.module_renames or self.symbol_renames)

    @cached_property
    def filter(self) -> ReferenceFilter:
        """Which files may refer to what is moved; they are looked at once, whoever asks."""
        from trackfix.project.references.filter import ReferenceFilter

        return ReferenceFilter(self)

    def names_of(self, entry: ReexportModule) -> tuple[str, ...]:
        """All dotted names of a re-export module."""
        return (entry.module,) if entry.virtual else self.project.names_of(entry.path)

    def names_beside(self, entry: ReexportModule) -> tuple[str, ...]:
        """Further names of a re-export module, by which code may import it that puts a folder
        around it on the path, as scripts and tests do with their own and settings with any:
        whatever the source roots are."""
        if entry.virtual:
            return ()
        folder = local_root(entry.path, self.project.packages)
        names = [module_name(entry.path, folder)]
        while folder:
            folder = parent_folder(folder)
            names.append(module_name(entry.path, folder))
        known = self.names_of(entry)
        return tuple(name for name in names if name is not None and name not in known)

    def find(self, module: str, importer: str = "") -> MovedModule | None:
        """The moved module that ``module`` names in the file ``importer``."""
        if module in self.module_renames:
            return MovedModule(module, module, None, False)
        found = self.project.find(module, importer)
        if found is not None and found.path:
            entry = self.by_key.get(found.name if found.alias else found.path)
            if entry is not None:
                mixed = entry.names.keys() and not self._hands_on_everything(entry)
                return MovedModule(module, entry.key, entry, bool(mixed))
        if self.symbol_renames:
            canonical = self._canonical(module, importer)
            if canonical in self.symbol_renames:
                return MovedModule(module, canonical, None, True)
        return None

    def _hands_on_everything(self, entry: ReexportModule) -> bool:
        facts = self.project.facts.get(entry.path)
        if facts is None or entry.virtual:
            return True
        return not any(
            b.form in ("function", "class") and not name.startswith("_") and name not in entry.names
            for name, events in facts.bindings.items()
            for b in events[-1:]
        )

    def _canonical(self, module: str, importer: str) -> str:
        """The name of a module as the renames spell it, whichever root it was written under."""
        if module in self.symbol_renames:
            return module
        found = self.project.find(module, importer)
        names = self.project.names_of(found.path) if found is not None and found.path else ()
        return next((name for name in names if name in self.symbol_renames), module)

    def target(self, moved: MovedModule, name: str, importer: str) -> Target | None:
        """Where ``moved.name`` belongs; None when it stays where it is."""
        if moved.key in self.module_renames:
            return Target(self.module_renames[moved.key], name)
        if moved.entry is None:
            new = self.symbol_renames[moved.key].get(name)
            if new is None:
                return None
            return self._existing(new, importer)
        whole = self.resolver.module(moved.name, importer)
        found = self.resolver.resolve(moved.name, name, importer)
        if whole.hops and whole.movable and found.status != "missing":
            # Another name for the same module object: its attributes are the home's own.
            return self._renamed(Target(whole.module, name))
        if moved.partial and found.module == moved.name:
            return None
        if found.status == "missing" or (found.module, found.name) == (moved.name, name):
            return Target(moved.name, name, found.obstacle or f"{moved.name} defines {name} itself")
        place = self._chosen(found, importer)
        return self._renamed(self._checked(moved.entry, place, found, importer))

    def _existing(self, home: str, importer: str) -> Target:
        """A home that a setting names, with an obstacle when the project knows it is not there."""
        module, _, name = home.partition(":")
        found = self.resolver.resolve(module, name, importer)
        missing = found.status == "missing" and self.project.find(module, importer) is not None
        return Target(module, name, f"{module} has no name {name}" if missing else "")

    def stands_for(self, key: str, importer: str) -> str:
        """The file of the module whose object a moved module is, under another name; empty if it is
        a module object of its own."""
        entry = self.by_key.get(key)
        whole = self.resolver.module(entry.module, importer) if entry is not None else None
        return whole.path if whole is not None and whole.hops and whole.movable else ""

    def on_the_way(
        self, key: str, names: Collection[str], importer: str
    ) -> Iterator[tuple[str, str]]:
        """Through which files the names of a moved module come behind it, all if none are given,
        and what they are called there."""
        entry = self.by_key.get(key)
        if entry is None:
            return
        for name in names or entry.names:
            hops = self.resolver.resolve(entry.module, name, importer).hops
            yield from ((after.path, hop.name) for hop, after in pairwise(hops))

    def target_by_key(self, key: str, name: str, importer: str) -> Target | None:
        """As `target`, for the moved module with this key under its own name."""
        entry = self.by_key.get(key)
        module = entry.module if entry is not None else key
        moved = self.find(module, importer)
        return self.target(moved, name, importer) if moved is not None else None

    def _chosen(self, found: Resolution, importer: str) -> tuple[str, str]:
        """The place on the way to the definition that a reader would name.

        That is the definition, but for three things: a private module is named by the last public
        module that hands the name on, an alias inside the home keeps its own name, and a module
        that does something when it is imported is not jumped over.
        """
        if not found.name:
            return found.module, ""
        places = [(hop.module, hop.name) for hop in found.hops]
        end = (found.module, found.name)
        if places and places[-1] != end:
            places.append(end)
        places = [place for place in places if place[1] and self._is_at(place, end, importer)]
        if not places:
            return end
        choice = len(places) - 1
        if found.status == "external":
            # Where the way leaves the project, a module of it may stand in for the library.
            inside = [
                position
                for position, (module, _) in enumerate(places)
                if self.project.find(module, importer) and not self.find(module, importer)
            ]
            choice = inside[-1] if inside else choice
        while choice and places[choice - 1][0] == places[choice][0]:
            choice -= 1
        for position in range(choice):
            if self._has_effects(places[position][0], places[choice][0], importer):
                return places[position]
        own = self.project.primary_name(importer) or ""
        if _is_private(places[choice][0], own):
            for position in range(choice - 1, -1, -1):
                module = places[position][0]
                if not _is_private(module, own) and self.find(module, importer) is None:
                    return places[position]
        return places[choice]

    def _is_at(self, place: tuple[str, str], end: tuple[str, str], importer: str) -> bool:
        """Whether a place on the way has the definition itself. Another one has the module that the
        definition is taken from, as ``pkg`` in ``from pkg import home`` before ``a = home.a``."""
        found = self.resolver.resolve(*place, importer)
        return (found.module, found.name) == end

    def _has_effects(self, module: str, home: str, importer: str) -> bool:
        """Whether a module on the way does more than to hand names on: it is not to be jumped
        over, unless importing the home executes it anyway."""
        found = self.project.find(module, importer)
        if found is None or found.facts is None or f"{home}.".startswith(f"{module}."):
            return False
        if self.find(module, importer) is not None:
            return False
        return bool(found.facts.effects) or any(
            statement.eager
            and not statement.names
            and not f"{home}.".startswith(f"{statement.module}.")
            and self.project.find(statement.module, found.path) is not None
            for statement in found.facts.imports
        )

    def _checked(
        self, entry: ReexportModule, place: tuple[str, str], found: Resolution, importer: str
    ) -> Target:
        module, name = place
        if not found.movable:
            known = self.project.find(module, importer) is not None
            is_open = found.status in ("guarded", "conditional") and not found.is_choice
            unsafe = is_open and known
            return Target(module, name, found.obstacle or f"it is {found.status}", unsafe)
        own = self.project.primary_name(importer) or ""
        if (
            _is_private(module, own)
            and not _is_private(entry.module, own)
            and (not (entry.deprecated or entry.is_configured))
        ):
            return Target(module, name, f"{module} is private, and {entry.module} is not", True)
        home = self.project.find(module, importer)
        if found.status != "external" and home is None:
            return Target(module, name, f"{module} can't be imported from {importer}")
        return Target(module, name)

    def _renamed(self, target: Target) -> Target:
        """A home that a setting moves on."""
        if target.module in self.module_renames:
            return Target(
                self.module_renames[target.module], target.name, target.obstacle, target.unsafe
            )
        new = self.symbol_renames.get(target.module, {}).get(target.name)
        if new is None:
            return target
        module, _, name = new.partition(":")
        return Target(module, name, target.obstacle, target.unsafe)

    def only_home(self, moved: MovedModule, importer: str) -> Target | None:
        """The one module that has all names of a moved module under the same names, or None."""
        if moved.key in self.module_renames:
            return Target(self.module_renames[moved.key], "")
        if moved.entry is None or moved.partial:
            return None
        found = self.resolver.module(moved.name, importer)
        if found.hops and found.movable:
            return Target(found.module, "")
        targets = [self.target(moved, name, importer) for name in moved.entry.names]
        homes = {target.module for target in targets if target is not None}
        same = all(
            target is not None and target.name == name and not target.obstacle
            for target, name in zip(targets, moved.entry.names, strict=True)
        )
        return Target(homes.pop(), "") if same and len(homes) == 1 else None


def _is_private(module: str, consumer: str) -> bool:
    """Whether ``consumer`` would have to name a private part that is not its own."""
    own = consumer.split(".")
    return any(is_private_part(part) and part not in own for part in module.split("."))


def add_earlier_shims(moves: Moves, earlier: Mapping[str, bytes]) -> Moves:
    """The moves, and the shims that were some as long as files had their ``earlier`` contents: one
    that nothing says it of is none any more as soon as nobody uses it."""
    before, _ = find_moves(moves.project.overlaid(earlier))
    left = [e for key, e in before.by_key.items() if key not in moves.by_key and not e.virtual]
    return Moves(moves.project, moves.resolver, [*moves.by_key.values(), *left])


def find_moves(project: Project) -> tuple[Moves, list[ReexportModule]]:
    """The moves that a project's shims and settings call for, and its re-export modules."""
    resolver = Resolver(project)
    entries = find_reexport_modules(project, resolver)
    return Moves(project, resolver, entries), entries
