"""What was asked of the files of a project, so that it is known when an answer would differ."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from trackfix.project.glance import Glance


@dataclass
class Asked:
    """What was asked of the files of a project while it was watched.

    ``read`` are the files whose facts or text were used. Of all others it was only asked whether
    they import a module that ends in one of ``names``, or anything below one of ``tops``, and
    whether they hold one of ``words``.
    """

    read: set[str] = field(default_factory=set)
    names: set[bytes] = field(default_factory=set)
    tops: set[bytes] = field(default_factory=set)
    words: set[bytes] = field(default_factory=set)
    is_on: bool = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note what is asked within the block."""
        self.is_on = True
        try:
            yield
        finally:
            self.is_on = False

    def note_read(self, path: str) -> None:
        """The facts or the text of a file are used."""
        if self.is_on:
            self.read.add(path)

    def note_names(self, names: Iterable[bytes]) -> None:
        """It is asked which files import a module with such a last part."""
        if self.is_on:
            self.names.update(names)

    def note_tops(self, tops: Iterable[bytes]) -> None:
        """It is asked which files import something below one of these."""
        if self.is_on:
            self.tops.update(tops)

    def note_words(self, words: Iterable[bytes]) -> None:
        """It is asked which files hold one of these."""
        if self.is_on:
            self.words.update(words)

    def answers(self, seen: Glance, data: bytes) -> str:
        """A digest of all answers that a file gave; the same for one that would give the same."""
        imported = (
            name
            for name in (*seen.modules, *seen.members)
            if name.rpartition(b".")[2] in self.names or name.partition(b".")[0] in self.tops
        )
        parts = (
            seen.defines,
            bool(seen.modules),
            seen.sets_modules,
            seen.sets_attributes,
            seen.imports_parent(),
            sorted(imported),
            sorted(word for word in self.words if word in data),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
