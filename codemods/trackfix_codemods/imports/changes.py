"""What is to become of the imports of one file, before it is put into text."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from trackfix.source.document import Edit
from trackfix_codemods.imports.imported_name import ImportedName

Statement = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class NewImport:
    """An import to be added: ``from module import name`` or, without a name, ``import module``
    bound to ``asname``. ``module`` is as it is to be written; ``home`` is its absolute name."""

    home: str
    module: str
    name: ImportedName | None = None
    asname: str = ""


@dataclass(slots=True)
class Replacement:
    """What becomes of one import statement: the positions of the aliases that go, and what
    comes in their stead. ``star`` points a star import at another module."""

    node: Statement
    gone: set[int] = field(default_factory=set)
    new: list[NewImport] = field(default_factory=list)
    star: str = ""

    @property
    def keeps_all(self) -> bool:
        """Whether the statement stays as it is, and others come beside it."""
        return not (self.gone or self.star)


@dataclass(slots=True)
class Changes:
    """What the items of one file add up to."""

    replacements: dict[int, Replacement] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)

    def of(self, node: Statement) -> Replacement:
        """The replacement of one import statement."""
        return self.replacements.setdefault(id(node), Replacement(node))
