"""How a module is written in an import of one file: absolutely or relatively."""

from __future__ import annotations

from dataclasses import dataclass

from trackfix_codemods.imports.changes import NewImport
from trackfix_codemods.imports.imported_name import ImportedName, imported


@dataclass(frozen=True, slots=True)
class Spelling:
    """Spells modules for a file in ``package``."""

    package: str

    def module(self, home: str, *, relative: bool) -> str:
        """``home`` as it is written after ``from``; ``relative`` only inside one top-level
        package."""
        if not relative or not self.package:
            return home
        own, other = self.package.split("."), home.split(".")
        shared = 0
        while shared < min(len(own), len(other)) and own[shared] == other[shared]:
            shared += 1
        if not shared:
            return home
        return "." * (len(own) - shared + 1) + ".".join(other[shared:])

    def module_import(
        self, home: str, local: str, *, relative: bool = False, like: ImportedName | None = None
    ) -> NewImport:
        """The import that binds the module ``home`` to ``local``."""
        parent, _, last = home.rpartition(".")
        if not parent:
            return NewImport(home, home, None, "" if local == home else local)
        written = self.module(parent, relative=relative)
        return NewImport(parent, written, imported(last, local, like=like))
