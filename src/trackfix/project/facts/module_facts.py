"""The facts of one file: what it binds, imports and says of itself. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

# https://docs.python.org/3/reference/datamodel.html#module-objects, and what `import *` reads
MODULE_ATTRIBUTES = frozenset(
    {
        "__all__",
        "__annotations__",
        "__cached__",
        "__dict__",
        "__doc__",
        "__file__",
        "__loader__",
        "__name__",
        "__package__",
        "__path__",
        "__spec__",
    }
)


class Binding(NamedTuple):
    """One event that binds a name when a module is executed.

    ``form`` is one of ``import-from``, ``import``, ``star``, ``function``, ``class``, ``alias``
    (another name or attribute is assigned), ``value`` (anything else is assigned), ``lazy``
    (the module's ``__getattr__`` answers for it) and ``delete``.

    ``module`` is the module of an import as it is written, leading dots included. ``source`` is
    the name taken from it, or the dotted expression of an alias.

    ``guard`` says under which statement it stands: empty when it is always executed, else
    ``type-checking``, ``try``, ``except``, ``if`` or ``loop``; ``group`` is the line of that
    statement, so that branches of one statement are known to belong together. ``covered``
    tells that one of these branches binds the name in any case.
    """

    name: str
    form: str
    line: int
    module: str = ""
    source: str = ""
    guard: str = ""
    group: int = 0
    deliberate: bool = False
    wraps: str = ""
    covered: bool = False


class Import(NamedTuple):
    """One import statement, wherever it stands; ``names`` is empty for ``import module``.

    ``eager`` means that it is executed when its own module is imported.
    """

    module: str
    names: tuple[str, ...]
    line: int
    eager: bool


class ModuleAlias(NamedTuple):
    """``sys.modules[name] = target``: a module object under another name.

    An empty ``name`` is the module itself (``sys.modules[__name__]``). ``table`` holds the
    attributes set by hand on a ``ModuleType``, as pairs of name and dotted expression. The target
    ``is_literal`` where a string names it, as in ``import_module("home")``.
    """

    name: str
    target: str
    line: int
    table: tuple[tuple[str, str], ...] = ()
    is_literal: bool = False


class Exports(NamedTuple):
    """``__all__``: its literal names, and the ``others`` whose names it adds, as they are written:
    ``module.__all__``, or ``module:__all__`` if it was imported from there; not ``complete`` when
    part of it is made at run time."""

    names: tuple[str, ...]
    others: tuple[str, ...] = ()
    complete: bool = True


class ModuleFacts(NamedTuple):
    """What one file says, without the rest of the project.

    ``effects`` are the lines of top-level statements that do something other than to define,
    to import, or to warn of a deprecation. ``delegates`` are modules to which ``__getattr__``
    hands every name. ``opaque`` tells that names are also bound in a way that can't be read;
    ``overwrites`` that this may also replace names that can be read. ``patches`` are the
    attributes that its top level sets on other objects: dotted owner, attribute and line.
    ``machinery`` are names of values that only its own warning of a deprecation reads, or a
    ``__getattr__`` that hands on names of others. One that hands on nothing
    ``gives_own_values``.
    """

    path: str
    bindings: Mapping[str, tuple[Binding, ...]] = MappingProxyType({})
    imports: tuple[Import, ...] = ()
    exports: Exports | None = None
    deprecations: tuple[tuple[int, str], ...] = ()
    effects: tuple[int, ...] = ()
    aliases: tuple[ModuleAlias, ...] = ()
    delegates: tuple[tuple[str, int], ...] = ()
    rebound_globals: frozenset[str] = frozenset()
    opaque: bool = False
    has_main_guard: bool = False
    says_public: bool = False
    overwrites: bool = False
    patches: tuple[tuple[str, str, int], ...] = ()
    machinery: frozenset[str] = frozenset()
    gives_own_values: bool = False

    @property
    def is_package(self) -> bool:
        """Whether the file is the ``__init__`` of a package."""
        return is_package(self.path)

    @property
    def stars(self) -> tuple[Binding, ...]:
        """The ``from m import *`` statements at module level, in order."""
        return self.bindings.get("*", ())


def is_package(path: str) -> bool:
    """Whether a file is the ``__init__`` of a package."""
    return path.rpartition("/")[2] in ("__init__.py", "__init__.pyi")


class FactsMemory(Protocol):
    """Remembers the facts of files from one run to the next."""

    def get(self, path: str) -> ModuleFacts | None:
        """The facts of a file, if they are known."""

    def put(self, path: str, facts: ModuleFacts) -> None:
        """Note the facts of a file that was read."""
