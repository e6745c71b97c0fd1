"""Which references must stay because of what other files do with the same module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trackfix.project.loading.late_loads import LateLoads
from trackfix.project.moving.built_patches import hold_built_patches
from trackfix.project.moving.lost_loads import hold_lost_loads
from trackfix.project.moving.movable import FileItems, Item
from trackfix.project.moving.needed_imports import hold_needed_imports
from trackfix.project.moving.settings_patches import hold_settings_patches
from trackfix.project.moving.watched_warnings import hold_watched_warnings
from trackfix.project.moving.wider_patches import hold_wider_patches
from trackfix.project.references.moves import Moves
from trackfix.project.references.references import FromImport, ModuleBinding
from trackfix.project.references.strings import StringReference


def agree(files: Iterable[FileItems], moves: Moves, *, unsafe: bool) -> None:
    """Give an obstacle to every item that must stay because of one in another file.

    Whoever moves references hands in the items of all files at once.
    """
    found = list(files)
    if not unsafe:
        hold_lost_loads(found, moves)
        hold_watched_warnings(found, moves)
        hold_built_patches(found, moves)
        hold_settings_patches(found, moves)
    hold_wider_patches(found, moves, unsafe=unsafe)
    items = [item for file in found for item in file.items]
    _count_first_imports(items)
    _count_late_loads(found, moves)
    _keep_together(items, moves)
    while _hold_on_the_way(found, moves) or hold_needed_imports(found):
        _keep_together(items, moves)


def tell_doubts(files: Sequence[FileItems], moves: Moves) -> None:
    """Add to the doubts of each item that an unsafe run moves what would have held it back in the
    tests."""
    moving = [item for file in files for item in file.items if not item.obstacle]
    hold_lost_loads(files, moves)
    hold_watched_warnings(files, moves)
    hold_built_patches(files, moves)
    hold_settings_patches(files, moves)
    hold_wider_patches(files, moves, unsafe=False)
    for item in moving:
        if item.obstacle:
            item.doubts, item.obstacle = (*item.doubts, item.obstacle), ""


def replaced_modules(items: Iterable[Item]) -> set[str]:
    """The keys of the modules whose entry of ``sys.modules`` a test replaces."""
    return {
        item.key
        for item in items
        if item.patches and isinstance(item.subject, StringReference) and item.subject.is_stand_in
    }


def is_import(item: Item) -> bool:
    """Whether an item is an import that the interpreter itself executes, and no text."""
    return isinstance(item.subject, (FromImport, ModuleBinding))


def _count_first_imports(items: Sequence[Item]) -> None:
    """Count the imports of each module as late look-ups whose entry of ``sys.modules`` a test
    replaces: a file that is loaded behind that takes its names from the stand-in."""
    replaced = replaced_modules(items)
    for item in items:
        if item.key in replaced and is_import(item):
            item.late = True


def _count_late_loads(files: Sequence[FileItems], moves: Moves) -> None:
    """Count the imports of a file as late look-ups that a test loads while it patches what they
    take: they take the double then."""
    by_path = {file.path: file.items for file in files}
    for test in files:
        patched = {item.key for item in test.items if item.patches}
        late = moves.resolver.analysis(LateLoads).under_patches(test.path) if patched else ()
        for item in (item for path in late for item in by_path.get(path, ())):
            if item.key in patched and is_import(item):
                item.late = True


def _hold_on_the_way(files: Sequence[FileItems], moves: Moves) -> bool:
    """Give an obstacle to each import that is executed while a patch holds that can't move, and
    takes its name by way of the patched module; whether there is any."""
    changed = False
    by_path = {file.path: file.items for file in files}
    for test in files:
        stuck = {
            (item.key, name): item
            for item in test.items
            if item.patches and item.obstacle
            for name in item.patched or item.names
        }
        late = moves.resolver.analysis(LateLoads).under_patches(test.path) if stuck else ()
        for item in (item for path in sorted(late) for item in by_path.get(path, ())):
            if not is_import(item) or item.obstacle:
                continue
            met = (stuck.get(place) for place in moves.on_the_way(item.key, item.names, item.path))
            cause = next((patch for patch in met if patch is not None), None)
            if cause is not None:
                _hold_with(cause, item)
                changed = True
    return changed


def _hold_with(stuck: Item, item: Item) -> None:
    """Give an item the obstacle that it must not move without another one."""
    cause = item.cause = stuck.cause or stuck
    item.obstacle = (
        f"it must move together with {cause.path}:{cause.line}, which can't: {cause.obstacle}"
    )


def _keep_bound(items: Iterable[Item]) -> bool:
    """Let each import by name stay with the name that it is bound to, and the other way round;
    whether that holds anything back."""
    changed = False
    for item in items:
        other = item.bound
        if other is not None and bool(item.obstacle) != bool(other.obstacle):
            item.obstacle = other.obstacle = item.obstacle or other.obstacle
            changed = True
    return changed


def _keep_together(items: Sequence[Item], moves: Moves) -> None:
    """Give an obstacle to every item that must not move without one that can't.

    A ``mock.patch`` of ``shim.f`` reaches the code that looks ``shim.f`` up when it runs. So the
    patches of a name and its late look-ups all move, or none of them does. An item without
    names is about all names of its module.
    """
    groups: dict[tuple[str, str], list[Item]] = {}
    whole: dict[str, list[Item]] = {}
    for item in items:
        if item.patches or item.late:
            # A patch by one of several names of a module object reaches all who use another one.
            key = moves.stands_for(item.key, item.path) or item.key
            if not item.names:
                whole.setdefault(key, []).append(item)
            for name in sorted(item.names):
                groups.setdefault((key, name), []).append(item)
    for key in whole:
        groups.setdefault((key, ""), [])
    changed = True
    while changed:
        changed = _keep_bound(items)
        for (key, _), members in groups.items():
            bound = [*members, *whole.get(key, ())]
            stuck = next((item for item in bound if item.obstacle), None)
            if stuck is None or not (
                any(item.patches for item in bound) and any(item.late for item in bound)
            ):
                continue
            for item in bound:
                if not item.obstacle:
                    _hold_with(stuck, item)
                    changed = True
