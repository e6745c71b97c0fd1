"""Patches of what a file of settings names, as the ``_target_`` of Hydra does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trackfix.project.references.moves import Moves
from trackfix.source.errors import SourceError
from trackfix.source.text import decode

if TYPE_CHECKING:
    from trackfix.project.moving.movable import FileItems, Item

_SETTINGS = (".cfg", ".ini", ".json", ".toml", ".yaml", ".yml")


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
    for where, name in _named(patches, moves) if patches else ():
        for item in patches[name]:
            told = f"{where} names it: who looks it up by that would miss the patch"
            item.obstacle = item.obstacle or told


def _named(names: dict[str, list[Item]], moves: Moves) -> Iterator[tuple[str, str]]:
    """Where the files of settings name what, in the order of their text."""
    spelled = "|".join(re.escape(name).replace(r"\.", "[.:]") for name in sorted(names))
    pattern = re.compile(rf"(?<![\w.])(?:{spelled})\b")
    for path in moves.project.text_files:
        if not path.endswith(_SETTINGS):
            continue
        try:
            text = decode(moves.project.read(path), cookie=False).text
        except SourceError:
            continue
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}", match[0].replace(":", ".")
