"""Dotted names in strings and in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.references.moves import MovedModule, Moves
from trackfix.source.patterns import lazy_pattern

_IN_NAME = lazy_pattern(r"[\w.]")
_FROM_IMPORT = lazy_pattern(r"\bfrom[ \t]+([\w.]+)[ \t]+import\b[ \t]*(\([^)]*|[^\n;]*)")
_WORD = lazy_pattern(r"\w+")


class DottedNames:
    """Finds the dotted names of moved modules in running text."""

    def __init__(self, moves: Moves) -> None:
        self._project = moves.project
        self.keys = dict.fromkeys((name for name in moves.module_renames if "." in name), "")
        for key, entry in moves.by_key.items():
            for name in moves.names_of(entry):
                if "." in name:
                    self.keys[name] = key
        self.by_file = {
            entry.path.rpartition("/")[2]: MovedModule(entry.module, key, entry, False)
            for key, entry in moves.by_key.items()
            if not entry.virtual and not entry.path.endswith("__init__.py")
        }
        # A pattern that begins with a word is found many times faster than a choice of words.
        self._tokens = {
            top: re.compile(rf"{re.escape(top)}(?:\.[^\W\d]\w*)+")
            for top in sorted({name.partition(".")[0] for name in self.keys})
        }

    def imported(self, text: str) -> Iterator[str]:
        """Those that code in ``text`` takes from their packages: ``from package import module``."""
        for match in _FROM_IMPORT.finditer(text):
            for word in _WORD.findall(match[2]):
                if f"{match[1]}.{word}" in self.keys:
                    yield f"{match[1]}.{word}"

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Offset and name of each place where ``text`` names one of them, or a name in one."""
        for start, name in sorted(self._names(text)):
            if name.endswith((".py", ".pyi")):
                continue
            while "." in name and name not in self.keys:
                if self._project.find(name) is not None:
                    break  # another module, perhaps below a moved package
                name = name.rpartition(".")[0]
            if name in self.keys:
                yield start, name

    def _names(self, text: str) -> Iterator[tuple[int, str]]:
        """The dotted names that begin like one of them."""
        for top, pattern in self._tokens.items():
            for match in pattern.finditer(text) if top in text else ():
                if not _IN_NAME.match(text[match.start() - 1 : match.start()]):
                    yield match.start(), match.group()


@dataclass(frozen=True, slots=True)
class DottedName:
    """A dotted string taken apart: the moved module, the name in it, and what follows."""

    moved: MovedModule
    attribute: str
    rest: str
    separator: str


def split_dotted(value: str, moves: Moves, path: str) -> DottedName | None:
    """The moved module that the dotted name ``value`` begins with, if any."""
    before, colon, after = value.partition(":")
    parts = before.split(".")
    for count in range(len(parts), 0, -1):
        prefix = ".".join(parts[:count])
        moved = moves.find(prefix, path)
        if moved is not None:
            names = parts[count:] + (after.split(".") if colon else [])
            separator = ":" if colon and count == len(parts) else "."
            return DottedName(moved, names[0] if names else "", ".".join(names[1:]), separator)
        if moves.project.find(prefix, path) is not None:
            return None
    return None


def moved_name(found: DottedName, moves: Moves, path: str) -> tuple[str, str, bool] | None:
    """What ``found`` should read instead, the obstacle, and whether that is only unsafe;
    None when the name stays where it is."""
    if not found.attribute:
        home = moves.only_home(found.moved, path)
        if home is None:
            return "", "not all its names are in one module under the same names", False
        return home.module, home.obstacle, home.unsafe
    target = moves.target(found.moved, found.attribute, path)
    if target is None:
        return None
    rest = f".{found.rest}" if found.rest else ""
    if not target.name:
        return f"{target.module}{rest}", target.obstacle or "it names a module", False
    text = f"{target.module}{found.separator}{target.name}{rest}"
    return text, target.obstacle, target.unsafe
