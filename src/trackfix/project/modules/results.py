"""What the search for a definition finds. Plain data."""

from __future__ import annotations

from typing import NamedTuple


class Hop(NamedTuple):
    """One step on the way to a definition: where it stands and by which form it goes on.
    ``module`` and ``name`` are what the step leads to."""

    path: str
    line: int
    form: str
    module: str
    name: str


class Resolution(NamedTuple):
    """Where a name comes from.

    ``status`` is ``certain``, ``guarded`` (two homes, try/except), ``conditional`` (the
    definition depends on a run, or is bound again), ``external`` (the home is outside the
    project), ``missing`` or ``cyclic``. An empty ``name`` is the module itself.

    ``movable`` is the promise that a reference to the query means the same object when it is
    written as a reference to the home; ``obstacle`` says why it is not given. ``is_choice`` tells
    that a condition chooses between several homes, of which this is but one.
    """

    status: str
    module: str
    name: str
    kind: str = "unknown"
    path: str = ""
    hops: tuple[Hop, ...] = ()
    movable: bool = False
    obstacle: str = ""
    is_choice: bool = False

    @property
    def home(self) -> str:
        """``module:name``, or the module alone."""
        return f"{self.module}:{self.name}" if self.name else self.module

    def after(self, *hops: Hop) -> Resolution:
        """The same with these steps before its own."""
        return self._replace(hops=(*hops, *self.hops)) if hops else self

    def once_around(self) -> Resolution:
        """The same; but a circle is told by the first step into it and once around, whichever of
        its modules was asked before."""
        if self.status != "cyclic" or self.kind == "module" or not self.hops:
            return self
        hops = tuple(dict.fromkeys(self.hops))
        path = hops[1].path if len(hops) > 1 else hops[0].path
        return self._replace(module=hops[0].module, name=hops[0].name, path=path, hops=hops)

    def doubted(self, status: str, obstacle: str) -> Resolution:
        """The same, but no promise any more."""
        return self._replace(status=status, movable=False, obstacle=obstacle)
