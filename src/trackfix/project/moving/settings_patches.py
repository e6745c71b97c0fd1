"""Patches of what a file of settings names, as the ``_target_`` of Hydra does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trackfix.project.references.moves import Moves
from trackfix.project.references.settings_names import named_in_settings

if TYPE_CHECKING:
    from trackfix.project.moving.movable import FileItems, Item


def hold_settings_patches(files: Sequence[FileItems], moves: Moves) -> None:
    """Give an obstacle to each patch of a name that a file of settings names.

    No setting is edited, and who reads it looks the name up in the moved module: a patch of its
    home would reach nobody there.
    """
    patches: dict[str, list[Item]] = defaultdict(list)
    for item in (item for file in files for item in file.items):
        if item.patches and not item.obstacle:
            entry = moves.by_key.get(item.key)
            for module in moves.names_of(entry) if entry is not None else ():
                for name in item.patched or item.names:
                    patches[f"{module}.{name}"].append(item)
    for path, line, name in named_in_settings(moves.project, patches):
        for item in patches[name]:
            told = f"{path}:{line} names it: who looks it up by that would miss the patch"
            item.obstacle = item.obstacle or told
