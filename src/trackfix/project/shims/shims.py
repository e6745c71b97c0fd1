"""What rules want to know of the shims of a project: what refers to them, and which can go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.reexports.finder import find_shims
from trackfix.project.reexports.reexport_module import ReexportModule
from trackfix.project.references.moves import Moves
from trackfix.source.errors import SourceError
from trackfix.source.text import decode, split_lines

# Where nothing refers to a shim, nothing of these is imported.
if TYPE_CHECKING:
    from trackfix.project.shims.reading import ShimReading, ShimReference
    from trackfix.project.shims.users import Reason

# The names that a shim hands on, each with its home and the file of that.
_HandedOn = frozenset[tuple[str, str, str]]


class Shims:
    """The shims of a project and the references to them, by the data that the codemods use."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self.resolver = resolver
        self.moves = Moves(project, resolver, find_shims(project, resolver))
        self._own: dict[str, list[ReexportModule]] = {}
        for entry in self.moves.by_key.values():
            self._own.setdefault(entry.path, []).append(entry)

    @property
    def paths(self) -> Iterable[str]:
        """The files that are shims, or register them."""
        return self._own.keys()

    def at(self, path: str) -> list[ReexportModule]:
        """The shims in a file: itself, and what it puts into ``sys.modules``."""
        return self._own.get(path, [])

    @staticmethod
    def confidence(shim: ReexportModule | None) -> float:
        """How sure it is that a module is a shim: less so if nothing but its form tells."""
        said = shim is None or shim.deprecated or shim.is_configured or shim.virtual
        return 1.0 if said else 0.7

    @cached_property
    def candidates(self) -> frozenset[str]:
        """The files that may refer to a shim."""
        return frozenset(self.moves.filter.files) if self.moves else frozenset()

    @property
    def words(self) -> frozenset[str] | None:
        """Words of which one stands in every file with a reference; None if that can't be told."""
        return self.moves.filter.words if self.moves else frozenset()

    def references_in(self, path: str) -> tuple[ShimReference, ...]:
        """The references in a file, in their order."""
        return self._reading.references_in(path) if self.moves.filter.may_refer(path) else ()

    def users(self, shim: ReexportModule) -> list[Reason]:
        """The references in code to a shim, its own and mere guesses left out."""
        return [reason for reason in self._reading.reasons.get(shim.key, []) if reason.is_sure]

    def is_dead(self, shim: ReexportModule) -> bool:
        """Whether nothing refers to a shim any more, and it may go: that of a file is one that
        ``remove-shims`` would remove."""
        return shim.key in self.dead

    @cached_property
    def dead(self) -> frozenset[str]:
        """The files, and the entries of ``sys.modules``, that are dead shims."""
        from trackfix.project.shims.users import is_for_others, may_go, other_reasons, removable

        entries = {
            key
            for key, shim in self.moves.by_key.items()
            if shim.virtual and not is_for_others(shim, self.project)
        }
        candidates = may_go(self.project, self.moves) | entries
        possible = removable(candidates, self._reading.reasons, self.project)
        if not possible:
            return frozenset()
        reasons = {key: list(found) for key, found in self._reading.reasons.items()}
        fewer = Moves(self.project, self.resolver, (self.moves.by_key[key] for key in possible))
        for key, reason in (*other_reasons(self.project, fewer), *self._unreadable(fewer)):
            reasons.setdefault(key, []).append(reason)
        return frozenset(removable(possible, reasons, self.project))

    def _unreadable(self, moves: Moves) -> Iterator[tuple[str, Reason]]:
        """What names a shim in files that are no Python, although they should be."""
        from trackfix.project.references.mentions import MentionFinder
        from trackfix.project.shims.users import Reason

        finder = MentionFinder(moves)
        for path in self._reading.unreadable:
            try:
                text = decode(self.project.read(path), cookie=False).text
            except SourceError:
                continue
            for _, key in finder.in_text(path, text):
                yield key, Reason(path, 1, "names it, but can't be read as Python")

    @cached_property
    def _reading(self) -> ShimReading:
        from trackfix.project.shims.reading import ShimReading

        return ShimReading(self.moves)

    def homes_of(self, shim: ReexportModule) -> tuple[str, ...]:
        """The modules that the names of a shim come from."""
        from trackfix.project.shims.reading import own_first

        return own_first(shim.homes, shim.path, self.project)

    @staticmethod
    def defined_for(shim: ReexportModule) -> list[str]:
        """What the names of a shim are called in the modules that they come from."""
        return [found.name for found in shim.names.values()]

    def nested_in(self, shim: ReexportModule) -> list[ReexportModule]:
        """Other shims that its names come through."""
        passed = {hop.module for found in shim.names.values() for hop in found.hops}
        modules = (self.project.find(name, shim.path) for name in passed)
        paths = {module.path for module in modules if module is not None}
        return [
            other
            for other in self.moves.by_key.values()
            if other is not shim
            and (other.virtual or other.path in paths)
            and not passed.isdisjoint(self.moves.names_of(other))
        ]

    def duplicates_of(self, shim: ReexportModule) -> list[ReexportModule]:
        """Other shims that hand on the same names from the same places."""
        twins = self._twins.get(_handed_on(shim), []) if shim.names else []
        return [other for other in twins if other is not shim]

    @cached_property
    def _twins(self) -> dict[_HandedOn, list[ReexportModule]]:
        """All shims by what they hand on."""
        table: dict[_HandedOn, list[ReexportModule]] = {}
        for shim in self.moves.by_key.values():
            table.setdefault(_handed_on(shim), []).append(shim)
        return table

    def is_lazy(self, shim: ReexportModule) -> bool:
        """Whether a shim answers for names when they are asked for."""
        facts = self.project.facts.get(shim.path)
        return (
            facts is not None
            and not shim.virtual
            and (
                bool(facts.delegates)
                or any(b.form == "lazy" for found in facts.bindings.values() for b in found)
            )
        )

    def replaces_itself(self, shim: ReexportModule) -> bool:
        """Whether a shim puts another module into ``sys.modules`` under its own name."""
        facts = self.project.facts.get(shim.path)
        own = ("", shim.module)
        return facts is not None and any(alias.name in own for alias in facts.aliases)

    def first_line(self, shim: ReexportModule) -> str:
        """The text of the line that a shim is shown at."""
        try:
            lines = split_lines(self.project.document(shim.path).source.text)
        except SourceError:
            return ""
        return lines[shim.line - 1] if shim.line <= len(lines) else ""


def _handed_on(shim: ReexportModule) -> _HandedOn:
    """What tells shims that hand on the same names from the same places."""
    return frozenset((name, found.home, found.path) for name, found in shim.names.items())
