"""Patches of what their targets only tell when the tests run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trackfix.project.references.built_names import find_built_patches
from trackfix.project.references.moves import Moves

if TYPE_CHECKING:
    from trackfix.project.moving.movable import FileItems, Item


def hold_built_patches(files: Sequence[FileItems], moves: Moves) -> None:
    """Give an obstacle to each late look-up that a test may replace by a name that it builds.

    ``mock.patch(f"shim.{name}")`` stays as it is, and would reach nobody who looks ``home.f`` up.
    """
    late: dict[str, list[Item]] = defaultdict(list)
    for file in files:
        for item in file.items:
            if item.late and not item.obstacle:
                late[item.key].append(item)
    for built in find_built_patches(moves) if late else ():
        for item in late.get(built.key, ()):
            if not item.obstacle and (not item.names or built.name in item.names):
                where = f"{built.path}:{built.line}"
                item.obstacle = f"{where} may patch {built.name}, by a name that is built"
