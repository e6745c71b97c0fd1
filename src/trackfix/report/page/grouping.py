"""Names of modules brought together until they are few enough for a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

# What stands for all modules of a package, or all files of a folder.
EVERY = "*"


def grouped(names: Iterable[str], most: int) -> dict[str, str]:
    """For each dotted name or path the one to show it as: itself, or its package or folder with a
    star, such as ``pkg.sub.*``, so that there are at most ``most``, at least 1. A star stands for
    two names or more.

    The deepest packages are brought together first. Where all of one depth would be more than it
    takes, one package is: all its modules, and of the packages in it the smallest, as it takes.
    """
    shown = {name: name for name in names}
    while (excess := len(sizes := Counter(shown.values())) - most) > 0:
        inside: dict[str, list[str]] = {}
        for box in sorted(sizes, key=lambda name: (sizes[name], name)):
            inside.setdefault(_parent(box), []).append(box)
        depth = max(map(_depth, inside))
        level = {name: found for name, found in inside.items() if _depth(name) == depth}
        enough = [name for name, found in level.items() if len(found) > excess]
        if enough:
            chosen = min(enough, key=lambda name: (len(level[name]), name))
            modules = sum(not box.endswith(EVERY) for box in level[chosen])
            level = {chosen: level[chosen][: max(excess + 1, modules)]}
        elif sum(len(found) - 1 for found in level.values()) >= excess:
            chosen = max(level, key=lambda name: (len(level[name]), name))
            level = {chosen: level[chosen]}
        into = {box: name for name, found in level.items() for box in found}
        shown = {name: into.get(box, box) for name, box in shown.items()}
    return {name: box if sizes[box] > 1 else name for name, box in shown.items()}


def _parent(name: str) -> str:
    """The package or folder around a name or a group; of what is in none, the group of all."""
    separator = "/" if "/" in name else "."
    inside = name.removesuffix(EVERY).removesuffix(separator)
    above, found, _ = inside.rpartition(separator)
    return f"{above}{separator}{EVERY}" if found else EVERY


def _depth(name: str) -> int:
    inside = name.removesuffix(EVERY)
    return inside.count("/") if "/" in inside else inside.count(".")
