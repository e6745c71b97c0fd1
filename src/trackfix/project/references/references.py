"""The references of one file to moved modules: imports, attributes, strings."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from trackfix.project.facts.expressions import call_name, dotted
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope, Scopes, Use
from trackfix.project.references.docstrings import DocReference
from trackfix.project.references.moves import MovedModule
from trackfix.project.references.replaced_names import ONLY_READ, is_shown
from trackfix.project.references.strings import StringReference
from trackfix.source.document import Document

Statement = ast.Import | ast.ImportFrom

_READS = frozenset({"getattr", "hasattr"})
SAME_OBJECT = "a test asks whether it is the same object"


@dataclass(frozen=True, slots=True)
class FromImport:
    """``from moved import a, b``: the aliases of one statement, at ``positions`` in it.

    ``is_watched`` tells that the code around it is about what the import itself does.
    """

    node: ast.ImportFrom
    positions: tuple[int, ...]
    scope: Scope
    moved: MovedModule
    obstacle: str = ""
    is_watched: bool = False

    @property
    def is_star(self) -> bool:
        """Whether it is ``from moved import *``."""
        return self.node.names[0].name == "*"

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are imported."""
        return tuple(self.node.names[position].name for position in self.positions)


@dataclass(frozen=True, slots=True)
class ModuleUse:
    """A use of a moved module that is bound to a name.

    ``depth`` is how many attributes lead to the module. ``attribute`` is the name taken from it,
    with ``literal`` the string that names it, as in ``patch.object(module, "name")``. A use with
    neither hands the module itself on.
    """

    use: Use
    depth: int
    attribute: str = ""
    literal: ast.Constant | None = None
    obstacle: str = ""
    assigned: bool = False

    @property
    def replaces(self) -> bool:
        """Whether something else is put in the place of the name, as by ``patch.object``."""
        is_asked = call_name(self.use.parent) in _READS
        return self.assigned or (self.literal is not None and not is_asked)


@dataclass(slots=True)
class ModuleBinding:
    """A name of one scope through which a moved module is used.

    ``statements`` are the imports that name the module; ``roots`` are others that bind the name
    (``import pkg`` before ``pkg.moved.f``). ``calls`` are ``import_module("moved")`` whose result
    is assigned to it. ``leads_below`` says that modules of a moved package are used through it,
    ``is_watched`` that the code around an import is about what that does, and ``is_shown`` that
    the package of the module shows it to its users.
    """

    name: str
    scope: Scope
    moved: MovedModule
    statements: list[tuple[Statement, ast.alias]] = field(default_factory=list)
    roots: list[Statement] = field(default_factory=list)
    uses: list[ModuleUse] = field(default_factory=list)
    calls: list[ast.Call] = field(default_factory=list)
    leads_below: bool = False
    is_watched: bool = False
    is_shown: bool = False
    obstacle: str = ""

    @property
    def is_handed_on(self) -> bool:
        """Whether the module itself is given to other code, which may take any name of it."""
        return any(not use.attribute for use in self.uses)

    @property
    def is_only_shown(self) -> bool:
        """Whether the module itself is at most printed, or left to be shown at the end of a cell:
        nothing takes a name from it then."""
        return all(use.attribute or is_shown(use.use.parent) for use in self.uses)

    @property
    def is_only_read(self) -> bool:
        """Whether the code that it is given to does not change it: ``getattr``, ``dir`` …"""
        return all(
            use.attribute
            or is_shown(use.use.parent)
            or (call_name(use.use.parent) or "").rpartition(".")[2] in ONLY_READ
            for use in self.uses
        )

    @property
    def is_plain(self) -> bool:
        """Whether it is written as ``import a.b`` and used as ``a.b.name``."""
        return not self.statements or any(
            isinstance(node, ast.Import) and alias.asname is None for node, alias in self.statements
        )


def is_same_object(use: Use, names: FileNames | None) -> bool:
    """Whether one asks if what ``use`` takes is the same object as what another name means that
    leads to it by whatever way, as in ``shim.f is home.f``: after a move both would be one way."""
    asked = use.parent
    if not isinstance(asked, ast.Compare) or names is None:
        return False
    sides = [asked.left, *asked.comparators]
    is_asked = any(isinstance(op, (ast.Is, ast.IsNot)) for op in asked.ops)
    if not is_asked or not all(map(dotted, sides)):
        return False
    node = use.chain[-1] if use.chain else use.node
    own = names.of(node, use.scope)
    return own is not None and any(
        names.of(side, use.scope) == own for side in sides if side is not node
    )


@dataclass(slots=True)
class FileReferences:
    """All references of one file to moved modules."""

    document: Document
    scopes: Scopes
    parents: dict[ast.AST, ast.AST]
    from_imports: list[FromImport] = field(default_factory=list)
    bindings: list[ModuleBinding] = field(default_factory=list)
    strings: list[StringReference] = field(default_factory=list)
    docs: list[DocReference] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.from_imports or self.bindings or self.strings or self.docs)
