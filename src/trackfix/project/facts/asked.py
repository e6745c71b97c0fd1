"""What was asked of the files of a project, so that it is known when an answer would differ."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trackfix.project.facts.glance import Glance
from trackfix.project.facts.text_definitions import is_absent_from, is_defined_in, may_rename
from trackfix.source.errors import SourceError

# A run for which all still holds imports neither.
if TYPE_CHECKING:
    from trackfix.project.facts.outlines import Outline
    from trackfix.source.document import Document


# What can be asked of a text and a word.
TEXTS: Mapping[str, Callable[[bytes, str], bool]] = {
    "holds": lambda data, word: word.encode() in data,
    "defines": is_defined_in,
    "can not have": is_absent_from,
    "renames": may_rename,
}


@dataclass
class Asked:
    """What was asked of the files of a project while it was watched.

    ``read`` are the files of which all that the text says may have been used. Of those in
    ``facts`` it was the facts, of those in ``outlines`` what names mean that are or lead to
    ``words``, and of those in ``texts`` what `TEXTS` can tell of some words. Of all others it was
    only asked whether they import a module that ends in one of ``names``, or anything below one of
    ``tops``, and whether they hold one of ``words``.
    """

    read: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    outlines: dict[str, Outline | None] = field(default_factory=dict)
    texts: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    names: set[bytes] = field(default_factory=set)
    tops: set[bytes] = field(default_factory=set)
    words: set[bytes] = field(default_factory=set)
    is_on: bool = False
    is_by_name: bool = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note what is asked within the block."""
        self.is_on = True
        try:
            yield
        finally:
            self.is_on = False

    @contextmanager
    def by_name(self) -> Iterator[None]:
        """Within the block syntax trees are only used to tell what ``words`` mean."""
        outer, self.is_by_name = self.is_by_name, True
        try:
            yield
        finally:
            self.is_by_name = outer

    def note_facts(self, path: str) -> None:
        """The facts of a file are used."""
        if self.is_on:
            self.facts.add(path)

    def note_text(self, path: str, question: str, word: str) -> None:
        """It is asked what the text of a file tells of a word."""
        if self.is_on:
            self.texts.setdefault(path, set()).add((question, word))

    def note_tree(self, document: Document) -> None:
        """The syntax tree of a file is used."""
        if not self.is_on or (document.path in self.outlines and self.is_by_name):
            return
        from trackfix.project.facts.outlines import outline

        try:
            if self.is_by_name:
                self.outlines[document.path] = outline(document)
                return
        except SourceError:
            pass
        self.read.add(document.path)

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

    def answers(self, path: str, seen: Glance, data: bytes) -> str:
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
            sorted(seen.sets_attributes),
            bool(seen.dots()),
            sorted(imported),
            sorted(word for word in self.words if word in data),
            [TEXTS[question](data, word) for question, word in sorted(self.texts.get(path, ()))],
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
