"""Imports by which a package loads a moved module that others take from it as an attribute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trackfix.project.references.moves import MovedModule
from trackfix.project.references.references import FromImport, ModuleBinding
from trackfix.project.references.strings import StringReference

if TYPE_CHECKING:
    from trackfix.project.moving.movable import FileItems, Item


def hold_needed_imports(files: Sequence[FileItems]) -> bool:
    """Give an obstacle to the imports of a moved module without which a use that stays would fail;
    whether there is any.

    ``import pkg`` alone does not load ``pkg.moved``: who goes on with ``pkg.moved`` counts on
    another import, perhaps one of a file that is loaded by others before.
    https://docs.python.org/3/reference/import.html#submodules
    """
    changed = False
    for file in files:
        for moved, line in _counted_on(file):
            loaders = _loaders(files, file, moved)
            if any(item.obstacle for item in loaders):
                continue
            for item in loaders or _executed(files, moved):
                if not item.obstacle:
                    item.obstacle = (
                        f"it loads {moved.name}, which {file.path}:{line} takes from its package"
                    )
                    changed = True
        changed |= _hold_loaders_of_entries(file)
    return changed


def _hold_loaders_of_entries(file: FileItems) -> bool:
    """Give an obstacle to the imports of a file that load what it goes on to take from
    ``sys.modules``, by the name of the moved module; whether there is any."""
    changed = False
    for user in file.items:
        is_entry = isinstance(user.subject, StringReference) and user.subject.is_entry
        if not (is_entry and user.obstacle):
            continue
        loaders = [item for item in file.items if item.key == user.key and _is_import(item)]
        # What another function loads may come too late.
        if any(
            item.obstacle and (item.line < user.line or is_executed(file, item)) for item in loaders
        ):
            continue
        for item in loaders:
            if not item.obstacle:
                item.obstacle = f"it loads what line {user.line} takes from sys.modules"
                changed = True
    return changed


def hold_own_loaders(file: FileItems) -> None:
    """Give an obstacle to the imports of a file that load a moved module which the same file takes
    from its package by a string: ``getattr(pkg, "moved")``."""
    for user in file.items:
        if not isinstance(user.subject, StringReference) or not user.subject.is_by_package:
            continue
        for item in file.items:
            if item.key == user.key and not item.obstacle and _is_import(item):
                item.obstacle = (
                    f"it loads {user.subject.moved.name}, which line {user.line} "
                    "takes from its package"
                )


def may_be_needed(file: FileItems) -> bool:
    """Whether an item of a file may be such an import, or such a use."""
    return bool(taken_from_packages(file)) or any(_is_beside(item) for item in file.items)


def taken_from_packages(file: FileItems) -> set[str]:
    """The keys of the moved modules that a file may take from their packages."""
    bindings = {b.moved.key for b in file.references.bindings if _goes_by_package(b)}
    return bindings | {s.moved.key for s in file.references.strings if s.is_by_package}


def _counted_on(file: FileItems) -> Iterator[tuple[MovedModule, int]]:
    """The moved modules that a file goes on to take from their packages, and where."""
    moving = {
        id(item.subject)
        for item in file.items
        if not item.obstacle and not getattr(item.plan, "stays", False)
    }
    for binding in file.references.bindings:
        if _goes_by_package(binding) and id(binding) not in moving:
            yield binding.moved, file.document.place(binding.uses[0].use.start)[0]
    for item in file.items:
        if isinstance(item.subject, StringReference) and item.subject.is_by_package:
            yield item.subject.moved, item.line


def _goes_by_package(binding: ModuleBinding) -> bool:
    return bool(binding.uses and binding.roots and not (binding.statements or binding.calls))


def _loaders(files: Sequence[FileItems], user: FileItems, moved: MovedModule) -> list[Item]:
    """The imports of a moved module that are executed when its package is imported, or its user,
    or the other modules that this imports.

    Where none of them stands in the user or in the package, those in functions of the user may
    come before the module is taken; else one import of another module is enough.
    """
    package = moved.name.rpartition(".")[0]
    # ``import pkg`` does not load ``pkg.sub``, in which the module may be.
    loaded = {
        *(user.graph.files_of(package, user.path) & user.graph.imported(user.path)),
        *user.graph.loads(user.path),
        *user.graph.around(user.path),
    }
    around = [user.graph.reachable(path) for path in loaded]
    loading = [f for f in files if f is user or any(f.path in reachable for reachable in around)]
    executed = _executed(loading, moved)
    near = [item for item in executed if item.path == user.path or _is_beside(item)]
    late = [item for item in user.items if _loads(item, moved) and _is_import(item)]
    # First one that stays anyway.
    return near or late or sorted(executed, key=lambda item: not item.obstacle)[:1]


def _executed(files: Sequence[FileItems], moved: MovedModule) -> list[Item]:
    """The imports of a moved module that are executed when their files are loaded."""
    return [
        item
        for file in files
        for item in file.items
        if _loads(item, moved) and is_executed(file, item)
    ]


def _loads(item: Item, moved: MovedModule) -> bool:
    """Whether a reference is to a moved module, or to one below it: that loads it on the way."""
    folder = moved.key.removesuffix("__init__.py")
    return item.key == moved.key or (folder != moved.key and item.key.startswith(folder))


def _is_beside(item: Item) -> bool:
    """Whether an import stands in the package that the module is in, or below it."""
    folder = item.key.rpartition("/")[0]
    return _is_import(item) and bool(folder) and item.path.startswith(f"{folder}/")


def _is_import(item: Item) -> bool:
    if isinstance(item.subject, StringReference):
        return item.subject.call is not None  # import_module("moved")
    return isinstance(item.subject, FromImport) or (
        isinstance(item.subject, ModuleBinding) and bool(item.subject.statements)
    )


def is_executed(file: FileItems, item: Item) -> bool:
    """Whether an item is an import that is executed when its file is loaded."""
    if not _is_import(item):
        return False
    if isinstance(item.subject, (FromImport, StringReference)):
        return file.is_eager(item.subject.node)
    assert isinstance(item.subject, ModuleBinding)
    return any(file.is_eager(node) for node, _ in item.subject.statements)
