"""Where a project asks whether something is an instance of mlflow's client class."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from trackfix.project.clients.constructions import Clients
from trackfix.project.facts.expressions import last_call_name
from trackfix.project.files_with_words import files_with
from trackfix.project.test_paths import is_test_path
from trackfix_codemods.clients.reference import Reference

_ASKING = frozenset({"isinstance", "assertIsInstance"})


class InstanceChecks:
    """The questions of one project, which a mock that is modelled on the class answers with yes,
    and one that is modelled on a function with no."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def place(self, patch: Reference) -> str:
        """The first that the double of a patch may meet, empty for none: what another test asks
        is asked of its own doubles."""
        met = (f for f in self._places if f[0] == patch.path or not is_test_path(f[0]))
        return next((f"{path}:{line}" for path, line in met), "")

    @cached_property
    def _places(self) -> list[tuple[str, int]]:
        return sorted(self._find())

    def _find(self) -> Iterator[tuple[str, int]]:
        for path in files_with(self._clients.project, _ASKING):
            names = self._clients.meanings.file(path)
            for call in names.document.index.calls if names is not None else ():
                if names is None or last_call_name(call) not in _ASKING or len(call.args) < 2:
                    continue
                # Several kinds stand in a tuple, or in a union of types.
                kinds = (node for node in ast.walk(call.args[1]) if isinstance(node, ast.expr))
                meanings = (names.of(kind, names.scope_at(kind)) for kind in kinds)
                if any(meaning is not None and meaning.is_client for meaning in meanings):
                    yield path, names.line(call)
