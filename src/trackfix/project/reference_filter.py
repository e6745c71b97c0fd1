"""Which files may refer to a moved module, as far as their bytes tell."""

from __future__ import annotations

import re
from functools import cached_property

from trackfix.project.expressions import any_word
from trackfix.project.moves import Moves
from trackfix.project.project import Module, Project, absolute

# What makes the name of a module out of parts, or takes names by strings.
_BUILDS = re.compile(
    rb"import_module|importorskip|__import__|find_spec|__getattr__|globals|vars\(|exec\(|setattr"
    rb"|modules|packages|hiddenimports|autoload|['\"]-m['\"]|[Ll]azy"
)
# What stands before the dot of an attribute, and how far away it may be.
_OWNER = re.compile(rb"(\w*)[\s\\]*\.[\s\\]*\Z")
_FAR = 200


class ReferenceFilter:
    """Tells at a glance whether a file may refer to one of the moved modules or symbols."""

    def __init__(self, project: Project, moves: Moves) -> None:
        self._project = project
        self._moves = moves
        names = {*moves.module_renames}
        for entry in moves.by_key.values():
            names.update(moves.names_of(entry))
        self._names = frozenset(names)
        self._modules = tuple(name.encode() for name in names)
        self._plain = any_word(name for name in names if "." not in name)
        # A reference to a symbol names the symbol.
        self._symbols = any_word({n for table in moves.symbol_renames.values() for n in table})
        self._parents: dict[bytes, set[bytes]] = {}
        for name in names:
            parent, _, last = name.rpartition(".")
            if parent:
                self._parents.setdefault(last.encode(), set()).add(
                    parent.rpartition(".")[2].encode()
                )
        self._lasts = tuple(self._parents)
        lasts = b"|".join(sorted(map(re.escape, self._parents)))
        self._attribute = re.compile(rb"(%b)\b" % lasts) if lasts else None
        self._quoted = (
            re.compile(rb"['\"./](?:%b)['\"]|\b(?:%b)\.py\b" % (lasts, lasts)) if lasts else None
        )

    @cached_property
    def files(self) -> tuple[str, ...]:
        """All files that it is worth parsing."""
        facts = self._project.facts
        importers = facts.may_import(self._names)
        return tuple(path for path in facts if path in importers or self._may_name(path))

    def may_refer(self, path: str) -> bool:
        """Whether it is worth parsing a file; so it is if it can't be read, to have that told."""
        seen = self._project.facts.glance(path)
        return any(map(seen.may_import, self._modules)) or self._may_name(path)

    def _may_name(self, path: str) -> bool:
        """The same for ways other than to import a module by its name."""
        data = self._project.facts.bytes_of(path)
        if data is None:
            return True
        if any(word is not None and word.search(data) for word in (self._symbols, self._plain)):
            return True
        if not self._names:
            return False
        if self._project.facts.glance(path).imports_parent() and self._imports_by_dots(path):
            return True
        # This is many times faster than the patterns.
        if not any(last in data for last in self._lasts):
            return False
        return self._takes_attribute(data) or self._is_built(data)

    def _takes_attribute(self, data: bytes) -> bool:
        """``parent.last``, or ``alias.last`` where the parent is imported as the alias."""
        if self._attribute is None:
            return False
        owners = {
            (owner[1], match[1])
            for match in self._attribute.finditer(data)
            if (owner := _OWNER.search(data, max(match.start() - _FAR, 0), match.start()))
        }
        return any(
            owner == parent or (owner and re.search(rb"\b%b\s+as\s+%b\b" % (parent, owner), data))
            for owner, last in owners
            for parent in self._parents[last]
        )

    def _is_built(self, data: bytes) -> bool:
        found = self._quoted is not None and self._quoted.search(data)
        return bool(found) and (b".py" in data or _BUILDS.search(data) is not None)

    def _imports_by_dots(self, path: str) -> bool:
        """Whether there may be a ``from . import`` of a moved package."""
        facts = self._project.facts
        package = Module(self._project.primary_name(path) or "", path, facts).package
        bare = (name.decode() for name in facts.glance(path).modules if not name.strip(b"."))
        return any(self._moves.find(target, path) for m in bare if (target := absolute(m, package)))
