"""Which files may refer to a moved module, as far as their bytes tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from trackfix.project.facts.module_facts import is_package
from trackfix.project.project import Module, absolute
from trackfix.project.references.moves import Moves
from trackfix.project.references.string_contexts import TAKES_MODULE, WITH_ATTRIBUTE
from trackfix.project.references.word_search import WordSearch
from trackfix.source.patterns import lazy_pattern

# Calls that may make the name of a module, or a target in it, out of parts: by anything but an
# absolute name in quotes; a patch also by anything but a plain variable.
_QUOTED = rb"([\"'])(?!\.)[^\"'\n\\]*\%d[\s\\]*[,)]"
_BUILDS = lazy_pattern(
    rb"(?:%b)[\s\\]*\((?![\s\\]*%b)" % ("|".join(sorted(TAKES_MODULE)).encode(), _QUOTED % 1)
    + rb"|(?:patch|[sd]e[tl]attr)[\s\\]*\((?![\s\\]*(?:%b|[\w.]+[\s\\]*[,)]))" % (_QUOTED % 2)
)
_GETATTR = lazy_pattern(
    rb"\b(?:%b)\b[^\"']*[\"']$|\battrgetter\b[\s\\]*\([^\n]*[\"'.]$"
    % "|".join(sorted(WITH_ATTRIBUTE)).encode()
)
# What may stand around the dot of an attribute, and how far apart its parts may be.
_BLANKS = b" \t\r\n\f\\"
_FAR = 200
# Code in a string, behind a line end that is written as an escape: no word begins there.
_ESCAPED_IMPORT = lazy_pattern(rb"\\[nrt]from\s+[\w.\x80-\xff]+\s+import\b")
# What may stand before the last part of a module's name in a string or a path.
_BEFORE_QUOTED = b"'\"./"


class ReferenceFilter:
    """Tells at a glance whether a file may refer to one of the moved modules or symbols."""

    def __init__(self, moves: Moves) -> None:
        self._project = moves.project
        self._moves = moves
        names = {*moves.module_renames}
        for entry in moves.by_key.values():
            names.update(moves.names_of(entry))
        self._plain = WordSearch(name for name in names if "." not in name)
        beside = {n for entry in moves.by_key.values() for n in moves.names_beside(entry)} - names
        quoted = "|".join(re.escape(name) for name in sorted(beside) if "." not in name)
        self._quoted = re.compile(rf"['\"](?:{quoted})\b".encode()) if quoted else None
        names |= beside
        self._names = frozenset(names)
        # A reference to a symbol names the symbol.
        symbols = {name for table in moves.symbol_renames.values() for name in table}
        self._symbols = WordSearch(symbols)
        # A file may spell these in other bytes: by its encoding, and by how it puts accents.
        self._has_accents = not all(map(str.isascii, names | symbols))
        self._parents: dict[bytes, set[bytes]] = {}
        for name in names:
            parent, _, last = name.rpartition(".")
            if parent:
                self._parents.setdefault(last.encode(), set()).add(
                    parent.rpartition(".")[2].encode()
                )
        # A pattern that begins with a word is found many times faster than a choice of words.
        self._patterns = {
            last: re.compile(rb"%b\b(?:(['\"])|(\.py)\b)?" % re.escape(last))
            for last in self._parents
        }

    @cached_property
    def files(self) -> tuple[str, ...]:
        """All files that it is worth parsing."""
        facts = self._project.facts
        importers = self._project.may_import(self._names)
        return tuple(path for path in facts if path in importers or self._may_name(path))

    @property
    def has_read_all(self) -> bool:
        """Whether all files have been looked at."""
        return "files" in self.__dict__

    @property
    def words(self) -> frozenset[str] | None:
        """Words of which one stands in every file that refers to one of the modules or symbols;
        None where a file may do so by dots alone, as with ``from . import`` in a package."""
        by_dots = any(is_package(entry.path) for entry in self._moves.by_key.values())
        if by_dots or self._has_accents or self._moves.module_renames:
            return None
        symbols = {name for table in self._moves.symbol_renames.values() for name in table}
        return frozenset({name.rpartition(".")[2] for name in self._names} | symbols)

    def may_refer(self, path: str) -> bool:
        """Whether it is worth parsing a file; so it is if it can't be read, to have that told."""
        return self._project.may_import_any(path, self._names) or self._may_name(path)

    def _may_name(self, path: str) -> bool:
        """The same for ways other than to import a module by its name."""
        data = self._project.facts.bytes_of(path)
        if data is None or (self._has_accents and not data.isascii()):
            return True
        if self._symbols.finds_in(data) or self._plain.finds_in(data):
            return True
        if self._quoted is not None and self._quoted.search(data):
            return True
        if not self._names:
            return False
        if self._imports_by_dots(path):
            return True
        quoted = False
        in_string = _ESCAPED_IMPORT.search(data) is not None
        for last, pattern in self._patterns.items():
            if last not in data:
                continue
            if in_string:
                return True
            owners = tuple(_names_of(data, self._parents[last]))
            for match in pattern.finditer(data):
                start = match.start()
                if data.endswith(owners, 0, _dot_before(data, start)):
                    return True
                before = data[start - 1 : start]
                if match[2] or _is_got(data, start, owners):
                    return True
                quoted |= bool(match[1]) and before in _BEFORE_QUOTED
        return quoted and (is_package(path) or _BUILDS.search(data) is not None)

    def _imports_by_dots(self, path: str) -> bool:
        """Whether there may be a ``from . import`` of a moved package."""
        facts = self._project.facts
        dots = facts.glance(path).dots()
        package = (
            Module(self._project.primary_name(path) or "", path, facts).package if dots else ""
        )
        return any(self._moves.find(target, path) for m in dots if (target := absolute(m, package)))


def _names_of(data: bytes, modules: Iterable[bytes]) -> Iterator[bytes]:
    """These names, and those under which the file imports what goes by them."""
    for module in modules:
        yield module
        if module in data:
            yield from re.findall(rb"%b\s+as\s+(\w+)" % re.escape(module), data)


def _is_got(data: bytes, start: int, packages: Iterable[bytes]) -> bool:
    """Whether a word at ``start`` may be what ``getattr(package, "word")`` takes, or
    ``attrgetter("word")(package)``."""
    found = _GETATTR.search(data[max(start - _FAR, 0) : start])
    if found is None:
        return False
    place = data[start : start + _FAR] if found.group().startswith(b"attrgetter") else found.group()
    return any(package in place for package in packages)


def _dot_before(data: bytes, start: int) -> int:
    """Where the owner ends whose attribute stands at ``start``; 0 if there is none."""
    end = start
    if data[end - 1 : end] != b".":
        end -= _blanks_before(data, end)
        if data[end - 1 : end] != b".":
            return 0
    return end - 1 - _blanks_before(data, end - 1)


def _blanks_before(data: bytes, end: int) -> int:
    if data[end - 1 : end] not in _BLANKS:
        return 0
    part = data[max(end - _FAR, 0) : end]
    return len(part) - len(part.rstrip(_BLANKS))
