"""What is said of a module that hands on names of other modules."""

from __future__ import annotations

from typing import NamedTuple

from trackfix.project.modules.results import Resolution


class ReexportModule(NamedTuple):
    """A module that hands on names of other modules.

    ``class_`` is ``shim``, ``facade``, ``mixed`` or ``wrapper``, and ``evidence`` says why.
    ``names`` maps each name that it hands on to where that comes from. A ``virtual`` module has no
    file: it is an entry of ``sys.modules``, which ``path`` and ``line`` tell. ``is_configured``
    says that a setting made it what it is; ``serves_others`` that another file imports it, or that
    it makes names or modules on demand.
    """

    module: str
    path: str
    class_: str
    deprecated: bool
    evidence: tuple[str, ...]
    names: dict[str, Resolution]
    line: int = 1
    virtual: bool = False
    is_configured: bool = False
    serves_others: bool = False

    @property
    def key(self) -> str:
        """What tells it from the others: its path, or its name where it has no file."""
        return self.module if self.virtual else self.path

    @property
    def homes(self) -> tuple[str, ...]:
        """The modules its names really come from, sorted."""
        return tuple(sorted({found.module for found in self.names.values()}))
