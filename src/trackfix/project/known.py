"""What was found out about a project as a whole.

Most of a run is spent on questions about all files: which are the source roots, the shims, the
client factory? The answers hold until a file changes in a way that they depend on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

# A run on a file to which none of it matters imports neither.
if TYPE_CHECKING:
    from trackfix.project.clients.factory import ClientFactory
    from trackfix.project.reexports.reexport_module import ReexportModule


class Known:
    """Answers about a project as ``plain`` data; None is what was not asked."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        """``plain`` is what `trackfix.lint.runner.find_out` makes.

        Raises:
            KeyError, TypeError: it is not that.
        """
        self.plain = plain
        self.roots: tuple[str, ...] = tuple(plain["roots"])
        # The files that may set an entry of sys.modules, and by its name those that set an
        # attribute at the left margin.
        self.module_setters: tuple[str, ...] = tuple(plain["module_setters"])
        self.attribute_setters: Mapping[str, Sequence[str]] = dict(plain["attribute_setters"])
        # The names of mlflow's client class.
        self.client_words: tuple[str, ...] | None = plain["client_words"] and tuple(
            plain["client_words"]
        )
        # For the codes of rules, the words of which one stands in every file with a finding, and
        # the only files that can have one.
        self.triggers: Mapping[str, Sequence[str]] = plain["triggers"]
        self.places: Mapping[str, Sequence[str]] = plain["places"]
        self._shims = plain["shims"]
        self._factory = plain["factory"]

    @cached_property
    def shims(self) -> tuple[ReexportModule, ...] | None:
        """The shims."""
        from trackfix.project.plain_data import from_plain
        from trackfix.project.reexports.reexport_module import ReexportModule

        if self._shims is None:
            return None
        return tuple(from_plain(ReexportModule, shim) for shim in self._shims)

    @cached_property
    def factory(self) -> ClientFactory | None:
        """The client factory."""
        from trackfix.project.clients.factory import ClientFactory
        from trackfix.project.plain_data import from_plain

        return None if self._factory is None else from_plain(ClientFactory, self._factory)
