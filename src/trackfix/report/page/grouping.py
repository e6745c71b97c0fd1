"""Names of modules brought together until they are few enough for a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

# What stands for all modules of a package, or all files of a folder.
EVERY = "*"


def grouped(names: Iterable[str], most: int) -> dict[str, str]:
    """For each dotted name or path the one to show it as: itself, or its package or folder with a
    star, such as ``pkg.sub.*``, so that there are at most ``most``, at least 1. The
    smallest package that is enough is brought together; if none is, the deepest one before it."""
    shown = {name: name for name in names}
    while len(boxes := set(shown.values())) > most:
        parents = Counter(map(_parent, boxes))
        enough = [p for p, count in parents.items() if p != EVERY and len(boxes) - count < most]
        if enough:
            chosen = min(enough, key=lambda name: (parents[name], -_depth(name), name))
        else:
            chosen = max(parents, key=lambda name: (_depth(name), parents[name], name))
        for name, now in shown.items():
            if _parent(now) == chosen:
                shown[name] = chosen
    return shown


def _parent(name: str) -> str:
    """The package or folder around a name or a group; of what is in none, the group of all."""
    separator = "/" if "/" in name else "."
    inside = name.removesuffix(EVERY).removesuffix(separator)
    above, found, _ = inside.rpartition(separator)
    return f"{above}{separator}{EVERY}" if found else EVERY


def _depth(name: str) -> int:
    inside = name.removesuffix(EVERY)
    return inside.count("/") if "/" in inside else inside.count(".")
