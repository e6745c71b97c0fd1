"""Remembers the facts of files that runs on a few files have asked for.

What such a run has to know of the rest of the project are mostly the facts of those files that the
few import from. To read them again takes as long as all else.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

from trackfix.lint.file_cache import FileCache
from trackfix.project.facts.module_facts import Binding, Exports, Import, ModuleAlias, ModuleFacts


class FactsCache:
    """The facts of one project's files."""

    def __init__(self, files: FileCache) -> None:
        self._files = files

    def get(self, path: str) -> ModuleFacts | None:
        """The facts of a file that has not changed since they were read; None if they are not
        known, or what is there is damaged."""
        try:
            checksum, text = self._files.find(path) or (0, "null")
            return _facts(text) if checksum == zlib.crc32(text.encode()) else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def put(self, path: str, facts: ModuleFacts) -> None:
        """Note the facts of a file that was read."""
        text = json.dumps(facts, default=sorted)
        self._files.note(path, [zlib.crc32(text.encode()), text])

    def save(self) -> None:
        """Remember what was noted."""
        self._files.save()


def _facts(text: str) -> ModuleFacts:
    """What was written as ``text``. It is a record of records, so their fields need no names."""
    read = ModuleFacts(*json.loads(text))
    return read._replace(
        bindings={n: tuple(Binding(*event) for event in b) for n, b in read.bindings.items()},
        imports=tuple(Import(m, tuple(n), line, eager) for m, n, line, eager in read.imports),
        exports=read.exports and _exports(*read.exports),
        deprecations=_tuples(read.deprecations),
        effects=tuple(read.effects),
        aliases=tuple(ModuleAlias(n, t, line, _tuples(b), s) for n, t, line, b, s in read.aliases),
        delegates=_tuples(read.delegates),
        rebound_globals=frozenset(read.rebound_globals),
        patches=_tuples(read.patches),
        machinery=frozenset(read.machinery),
    )


def _exports(names: Iterable[str], others: Iterable[str], complete: bool) -> Exports:
    return Exports(tuple(names), tuple(others), complete)


def _tuples(read: Iterable[Iterable[Any]]) -> tuple[Any, ...]:
    return tuple(tuple(part) for part in read)
