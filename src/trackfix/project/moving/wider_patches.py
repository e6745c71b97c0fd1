"""Patches that would replace more in the home of a name than they did in the moved module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from trackfix.project.loading.late_loads import LateLoads
from trackfix.project.loading.test_reach import TestReach
from trackfix.project.modules.results import Hop
from trackfix.project.moving.binding_plans import BindingPlan
from trackfix.project.moving.home_uses import HomeUse, find_home_uses, uses_inside
from trackfix.project.moving.needed_imports import is_executed
from trackfix.project.references.moves import Moves, Target
from trackfix.project.references.references import ModuleBinding
from trackfix.project.references.strings import StringReference
from trackfix.project.test_paths import is_test_module, is_test_path
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

if TYPE_CHECKING:
    from trackfix.project.moving.movable import FileItems, Item

_Home = tuple[str, str]
# How a module's ``__getattr__`` keeps what it found.
_KEEPS = lazy_pattern(rb"globals\(|setattr\(|__dict__|cache")


@dataclass(frozen=True, slots=True)
class _Patch:
    """``item`` moves, and with it the patches of ``name`` that stand in ``lines`` of ``path``."""

    item: Item
    path: str
    lines: tuple[int, ...]
    name: str
    target: Target


def hold_wider_patches(files: Sequence[FileItems], moves: Moves, *, unsafe: bool) -> None:
    """Give an obstacle to each patch that would reach more in the home than it did in the shim,
    and to each late look-up that a patch in the home would reach.

    A patch of ``shim.f`` reaches neither ``home.g``, which calls ``f``, nor other modules that look
    ``home.f`` up, themselves or by another name of a shim; one of ``home.f`` does. That in turn
    does not reach who looks ``shim.f`` up. It matters where a test may run both, as far as its
    words lead. With ``unsafe`` it is only noted which patches go through a module that another
    file imports; what a patch of the home would no longer reach is held all the same.
    """
    held = _WiderPatches(files, moves)
    patches = [*held.patches_elsewhere(), *held.patches()]
    held.hold_used_inside(patches)
    if not unsafe:
        held.hold(patches)


class _WiderPatches:
    def __init__(self, files: Sequence[FileItems], moves: Moves) -> None:
        self.files = files
        self.moves = moves
        self.project = moves.project
        self.tests = TestReach(moves.project)
        self.by_path = {file.path: file for file in files}
        self._late_loads = moves.resolver.analysis(LateLoads)

    def patches(self) -> Iterator[_Patch]:
        """What the tests patch in moved modules."""
        for file in self.files:
            for item in file.items:
                if item.patches and not item.obstacle:
                    names = self._names(item) if _is_stand_in(item) else sorted(item.patched)
                    for name in names:
                        lines = _lines(item, file, {name}, patches=True)
                        yield from self._patch(item, file.path, lines, name)

    def patches_elsewhere(self) -> Iterator[_Patch]:
        """What tests patch through the name by which another file imports a moved module, as in
        ``monkeypatch.setattr(consumer.shim, "name", ...)``. The import counts as a patch then."""
        owners: dict[_Home, Item] = {}
        for file in self.files:
            own = self.project.primary_name(file.path)
            for item in file.items if own else ():
                if imports_module(item) and not item.obstacle:
                    assert isinstance(item.subject, ModuleBinding)
                    owners[own or "", item.subject.name] = item
        tests = filter(is_test_path, self.project.facts)
        for use in find_home_uses(self.moves, _by_module(owners), tests):
            item = owners[use.module, use.name]
            if use.below == "" or use.path == item.path:
                continue
            item.patches = True
            if use.below is None:
                item.names = frozenset()
                item.obstacle = (
                    f"{use.path}:{use.line} takes {use.name} from this module, and may change it"
                )
            else:
                item.names = item.names and item.names | {use.below}
                yield from self._patch(item, use.path, (use.line,), use.below)

    def _patch(self, item: Item, path: str, lines: tuple[int, ...], name: str) -> Iterator[_Patch]:
        target = self.moves.target_by_key(item.key, name, item.path)
        if target is not None and not self.moves.stands_for(item.key, item.path):
            yield _Patch(item, path, lines, name, target)

    def hold_used_inside(self, patches: list[_Patch]) -> None:
        """Give an obstacle to each patch whose moved module has code that looks the name up: a
        module that the settings name may be more than a shim."""
        for patch in patches:
            entry = self.moves.by_key.get(patch.item.key)
            if entry is None or patch.item.obstacle:
                continue
            inside = uses_inside(self.project, entry.module, patch.name, patch.path)
            use = next((use for use in inside if self._may_look_up(patch, use)), None)
            if use is not None:
                patch.item.obstacle = (
                    f"{use.path}:{use.line} looks {patch.name} up there, "
                    f"which a patch in {patch.target.module} would not reach"
                )

    def hold(self, patches: list[_Patch]) -> None:
        """Give their obstacles to the patches and to the late look-ups."""
        late: dict[_Home, list[tuple[Item, str]]] = defaultdict(list)
        passed: dict[_Home, list[tuple[Item, str]]] = defaultdict(list)
        for file in self.files:
            # What is loaded while a test runs looks names up then.
            is_loaded_late = bool(self._late_loads.loaders(file.path))
            for item in file.items:
                is_late = item.late or (is_loaded_late and is_executed(file, item))
                if is_late and not item.obstacle:
                    for name in self._names(item):
                        target = self.moves.target_by_key(item.key, name, file.path)
                        if target is not None:
                            late[target.module, target.name].append((item, name))
                            for place in self._passed(item.key, name, file.path):
                                passed[place].append((item, name))
        homes = {(p.target.module, p.target.name) for p in patches}
        uses: dict[_Home, list[HomeUse]] = defaultdict(list)
        paths = [path for path in self.project.facts if path not in self.moves.by_key]
        for use in find_home_uses(self.moves, _by_module({*homes, *late, *passed}), paths):
            uses[use.module, use.name].append(use)
        for use in self._patches_of_homes():
            uses[use.module, use.name].append(use)
        for patch in patches:
            if not patch.item.obstacle:
                home = patch.target.module, patch.target.name
                patch.item.obstacle = (
                    self._outside(patch)
                    or self._used_by_other_name(patch, late[home])
                    or self._used_at_home(patch, uses[home])
                )
        for home, found in late.items():
            replacing = [use for use in uses[home] if use.replaces]
            for item, name in found if replacing else ():
                replaced = self._replaced_at_home(item, name, replacing)
                if replaced is not None and not item.obstacle:
                    item.obstacle = (
                        f"{replaced.path}:{replaced.line} replaces {replaced.name} in "
                        f"{replaced.module}, which would change it here, too"
                    )
                    self._hold_loaders(item, name, replaced)
        for place, found in passed.items():
            replacing = [use for use in uses[place] if use.replaces]
            for item, name in found:
                met = (use for use in replacing if self._is_met(use.path, use.line, item, name))
                first = next(met, None)
                if first is not None and not item.obstacle:
                    item.obstacle = (
                        f"{first.path}:{first.line} replaces {first.name} in {first.module}, "
                        "where it is looked up on the way to its home"
                    )

    def _patches_of_homes(self) -> Iterator[HomeUse]:
        """What tests patch in homes by other names of the same module objects."""
        for file in self.files:
            for item in file.items:
                if item.patches and self.moves.stands_for(item.key, file.path):
                    for name in sorted(item.patched):
                        target = self.moves.target_by_key(item.key, name, file.path)
                        if target is not None:
                            home = target.module, target.name
                            for line in _lines(item, file, {name}, patches=True):
                                yield HomeUse(file.path, line, *home, is_late=True, replaces=True)

    def _is_loaded_at(self, test: str, line: int, path: str) -> bool:
        """Whether a file may be loaded while what is in effect at a line of a test is."""
        loaders = self._late_loads.loaders(path)
        if not is_test_module(test):
            return bool(loaders)
        return test in loaders and self.tests.may_run(test, line, test, loaders[test])

    def _names(self, item: Item) -> list[str]:
        """The names that an item is about, which may be all of its module."""
        entry = self.moves.by_key.get(item.key)
        return sorted(item.names or (entry.names if entry is not None else ()))

    def _outside(self, patch: _Patch) -> str:
        module = patch.target.module
        if self.project.find(module, patch.path) is not None:
            return ""
        return (
            f"patched in {module}, which is outside of the project, {patch.name} would change "
            "for all who use it"
        )

    def _used_by_other_name(self, patch: _Patch, late: list[tuple[Item, str]]) -> str:
        """It has the same home as another name that is moved."""
        for item, name in late:
            is_other = (item.key, name) != (patch.item.key, patch.name)
            if is_other and any(self._is_met(patch.path, at, item, name) for at in patch.lines):
                line = _lines(item, self.by_path[item.path], {name}, patches=False)[0]
                return (
                    f"patched in {patch.target.module}, {patch.name} would also change for "
                    f"{name} in {item.path}:{line}"
                )
        return ""

    def _used_at_home(self, patch: _Patch, uses: list[HomeUse]) -> str:
        """Others look it up in the home already, or the home does."""
        module, name = patch.target.module, patch.target.name
        # What a module looks up in itself does not go by its entry of ``sys.modules``.
        inside: Iterable[HomeUse] = ()
        if not _is_stand_in(patch.item):
            inside = uses_inside(self.project, module, name, patch.path)
        for use in (*uses, *inside):
            if not use.replaces and self._may_look_up(patch, use):
                return (
                    f"patched in {module}, {name} would also change for {use.path}:{use.line}, "
                    "which looks it up there"
                )
        return ""

    def _may_look_up(self, patch: _Patch, use: HomeUse) -> bool:
        """Whether a use in the home may look the name up while a patch holds."""
        return any(
            self.tests.may_run(patch.path, line, use.path, (use.line,))
            if use.is_late
            else self._is_loaded_at(patch.path, line, use.path)
            for line in patch.lines
        )

    def _is_met(self, test: str, line: int, item: Item, name: str) -> bool:
        """Whether an item may look a name up while what is in effect at a line of a test is."""
        if not item.late:
            return self._is_loaded_at(test, line, item.path)
        lines = _lines(item, self.by_path[item.path], {name}, patches=False)
        return self.tests.may_run(test, line, item.path, lines)

    def _replaced_at_home(self, item: Item, name: str, replacing: list[HomeUse]) -> HomeUse | None:
        """Where somebody replaces it in the home, without any effect on the moved module so far."""
        if self._looks_home_up(item.key, name, item.path):
            return None
        met = (use for use in replacing if self._is_met(use.path, use.line, item, name))
        found = next(met, None)
        if found is None or item.late:
            return found
        # Nobody else loads the moved module: it takes what the test has put into the home.
        is_first = all(other.path == item.path for other in self._loading(item, name))
        return None if is_first else found

    def _hold_loaders(self, item: Item, name: str, replaced: HomeUse) -> None:
        """Give an obstacle to the imports that load a moved module before a test replaces what it
        takes from its home: who looks it up there meanwhile would load it with the stand-in."""
        loaders = self._loading(item, name)
        near = self.by_path[item.path].graph.reachable(replaced.path)
        loaders = [other for other in loaders if other.path in near] or loaders
        # Another test may not be there when this one runs.
        certain = [o for o in loaders if o.path in near or not is_test_module(o.path)]
        if not any(other.obstacle for other in certain):
            for other in loaders:
                other.obstacle = other.obstacle or (
                    f"it loads the module before {replaced.path}:{replaced.line} replaces "
                    f"{replaced.name} in {replaced.module}"
                )

    def _loading(self, item: Item, name: str) -> list[Item]:
        """The imports that load a moved module, and with it a name that an item takes from it: a
        lazy one takes a name when that is imported."""
        is_lazy = self._is_lazy(item, name)
        package = item.key.removesuffix("/__init__.py")

        def is_within(key: str) -> bool:
            """Whether importing that module loads this one: its package comes first."""
            return key == item.key or (package != item.key and key.startswith(f"{package}/"))

        return [
            other
            for key, found in self._executed.items()
            if is_within(key)
            for other in found
            if not is_lazy or name in other.names
        ]

    @cached_property
    def _executed(self) -> dict[str, list[Item]]:
        """The imports that are executed when their files are loaded, by what they import."""
        table: dict[str, list[Item]] = defaultdict(list)
        for file in self.files:
            for item in file.items:
                if is_executed(file, item):
                    table[item.key].append(item)
        return table

    def _is_lazy(self, item: Item, name: str) -> bool:
        """Whether a moved module has a name only from the first look-up on."""
        entry = self.moves.by_key.get(item.key)
        if entry is None:
            return False
        hops = self.moves.resolver.resolve(entry.module, name, item.path).hops
        return bool(hops) and hops[0].form == "lazy"

    def _looks_home_up(self, key: str, name: str, importer: str) -> bool:
        """Whether the moved module itself takes a name from the home each time it is asked."""
        entry = self.moves.by_key.get(key)
        if entry is None or self.moves.stands_for(key, importer):
            return True
        hops = self.moves.resolver.resolve(entry.module, name, importer).hops
        return bool(hops) and all(not hop.name or self._is_looked_up(hop) for hop in hops)

    def _passed(self, key: str, name: str, importer: str) -> Iterator[_Home]:
        """The places, other than the home, in which a moved module looks a name up each time."""
        entry = self.moves.by_key.get(key)
        hops = self.moves.resolver.resolve(entry.module, name, importer).hops if entry else ()
        for hop in hops[:-1]:
            if not self._is_looked_up(hop):
                return
            yield hop.module, hop.name

    def _is_looked_up(self, hop: Hop) -> bool:
        """Whether a step is taken anew each time: what is kept where it was found is not."""
        try:
            return hop.form == "lazy" and not _KEEPS.search(self.project.read(hop.path))
        except SourceError:
            return False


def _is_stand_in(item: Item) -> bool:
    """Whether a test replaces the entry of a module in ``sys.modules``, and so all its names."""
    return isinstance(item.subject, StringReference) and item.subject.is_stand_in


def _lines(item: Item, file: FileItems, names: Container[str], *, patches: bool) -> tuple[int, ...]:
    """The lines in which an item looks one of the names up, or patches it."""
    if not isinstance(item.subject, ModuleBinding):
        return (item.line,)
    found = [
        file.document.place(use.use.start)[0]
        for use in item.subject.uses
        if use.attribute in names and (not patches or use.replaces)
    ]
    return tuple(found) or (item.line,)


def imports_module(item: Item) -> bool:
    """Whether an import gives a name of its module to a moved module, by which tests may patch."""
    subject, plan = item.subject, item.plan
    return (
        isinstance(subject, ModuleBinding)
        and isinstance(plan, BindingPlan)
        and plan.action == "rebind"
        and subject.scope.kind == "module"
    )


def _by_module(homes: Iterable[_Home]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for module, name in homes:
        found[module].add(name)
    return {module: frozenset(names) for module, names in found.items()}
