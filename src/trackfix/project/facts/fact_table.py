"""The facts of all files, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from trackfix.project.facts.asked import TEXTS, Asked
from trackfix.project.facts.glance import Glance, glance, ways_to_import
from trackfix.project.facts.module_facts import ModuleFacts
from trackfix.source.errors import SourceError

# To look for so many words in all files costs less than to look at all that they import.
_FEW = 20


class FactTable(Mapping[str, ModuleFacts]):
    """Paths -> facts. A file that turns out to be unreadable has facts that tell nothing, until
    ``drop_unreadable`` takes it out."""

    def __init__(
        self,
        paths: Iterable[str],
        parse: Callable[[str], ModuleFacts | None],
        read: Callable[[str], bytes],
    ) -> None:
        """``parse`` gives the facts of a file, None when it can't be read as Python."""
        self._paths = dict.fromkeys(paths)
        self._parse = parse
        self._read = read
        self._known: dict[str, ModuleFacts] = {}
        self._glances: dict[str, Glance] = {}
        self._unreadable: set[str] = set()
        self._holding: dict[bytes, set[str]] = {}
        self._names_asked = 0
        self.asked = Asked()

    def __getitem__(self, path: str) -> ModuleFacts:
        self.asked.note_facts(path)
        known = self._known.get(path)
        if known is None:
            if path not in self._paths:
                raise KeyError(path)
            known = self._parse(path)
            if known is None:
                self._unreadable.add(path)
                known = ModuleFacts(path, opaque=True)
            self._known[path] = known
        return known

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    @property
    def is_complete(self) -> bool:
        """Whether all files have been read."""
        return len(self._known) == len(self._paths)

    def is_unreadable(self, path: str) -> bool:
        """Whether a file turned out to be no Python."""
        return path in self._unreadable

    def drop_unreadable(self) -> None:
        """Take out the files that are known to be unreadable."""
        for path in self._unreadable:
            del self._paths[path], self._known[path]
        self._unreadable.clear()

    def share(self, other: FactTable, paths: Iterable[str]) -> None:
        """Take over what another table knows of these files."""
        for path in paths:
            if path in other._known:
                self._known[path] = other._known[path]
            if path in other._glances:
                self._glances[path] = other._glances[path]

    def glance(self, path: str) -> Glance:
        """What can be seen of a file without parsing it."""
        found = self._glances.get(path)
        if found is None:
            try:
                found = glance(path, self._read(path))
            except SourceError:
                found = Glance()
            self._glances[path] = found
        return found

    def bytes_of(self, path: str) -> bytes | None:
        """The bytes of a file; None if it can't be read."""
        try:
            return self._read(path)
        except SourceError:
            return None

    def holding(self, words: Collection[bytes]) -> set[str]:
        """The files whose text holds one of some words."""
        self._look_for(words)
        return {path for word in words for path in self._holding[word]}

    def holding_all(self, words: Collection[bytes]) -> set[str]:
        """The files whose text holds each of some words."""
        self._look_for(words)
        return set.intersection(*(self._holding[word] for word in words))

    def _look_for(self, words: Collection[bytes]) -> None:
        new = [word for word in words if word not in self._holding]
        self._holding |= {word: set() for word in new}
        for path in self._paths if new else ():
            data = self.bytes_of(path) or b""
            for word in new:
                if word in data:
                    self._holding[word].add(path)

    def tells(self, path: str, question: str, word: str) -> bool:
        """What the text of a file tells of a word, by the name of one of `TEXTS`; False if it can't
        be read."""
        self.asked.note_text(path, question, word)
        data = self.bytes_of(path)
        return data is not None and TEXTS[question](data, word)

    def where(self, seen: Callable[[Glance], bool]) -> Iterator[tuple[str, ModuleFacts]]:
        """The facts of the files at which a glance shows something."""
        for path in self._paths:
            if seen(self.glance(path)):
                yield path, self[path]

    def may_import(self, names: Iterable[str]) -> set[str]:
        """The files that may import a module of one of these names, by whatever relative name."""
        found: set[str] = set()
        for name in names:
            module = name.encode()
            last = module.rpartition(b".")[2]
            self.asked.note_names([last])
            self._names_asked += 1
            if self._names_asked <= _FEW and len(self._glances) < len(self._paths):
                holding = (path for path in self._paths if last in (self.bytes_of(path) or b""))
                found.update(path for path in holding if self.glance(path).may_import(module))
            else:
                found.update(*(self._by_import.get(each, ()) for each in ways_to_import(module)))
        return found

    @cached_property
    def _by_import(self) -> dict[bytes, list[str]]:
        """The files by what they import, as `ways_to_import` tells it."""
        table: dict[bytes, list[str]] = {}
        for path in self._paths:
            for each in self.glance(path).imported():
                table.setdefault(each, []).append(path)
        return table

    @cached_property
    def module_setters(self) -> tuple[str, ...]:
        """The files that may set an entry of ``sys.modules``."""
        return tuple(path for path in self._paths if self.glance(path).sets_modules)

    @cached_property
    def attribute_setters(self) -> Mapping[str, Sequence[str]]:
        """The files whose left margin sets attributes, by their names, as a `Glance` tells them."""
        table: dict[str, list[str]] = {}
        for path in self._paths:
            for name in self.glance(path).sets_attributes:
                table.setdefault(name, []).append(path)
        return table

    def setting_attribute(self, name: str) -> list[str]:
        """The files whose left margin may set an attribute of this name."""
        table = self.attribute_setters
        return sorted({*table.get(name, ()), *table.get("", ())})

    @cached_property
    def importing_parents(self) -> list[str]:
        """The files in which there may be a ``from . import``."""
        return [path for path in self._paths if self.glance(path).dots()]

    def importing_from(self, tops: Iterable[str]) -> Iterator[tuple[str, ModuleFacts]]:
        """The facts of the files that import from one of these top-level names."""
        wanted = frozenset(top.encode() for top in tops)
        self.asked.note_tops(wanted)
        # A file may spell others than ASCII in other bytes, by its encoding and its accents.
        everywhere = not all(map(bytes.isascii, wanted))
        return self.where(lambda found: everywhere or not wanted.isdisjoint(found.tops))
