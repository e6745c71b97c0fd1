"""A function of the project that returns a new client."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.clients.signature import Signature
from trackfix.project.meaning.meaning import Meaning


@dataclass(frozen=True, eq=False)
class Maker:
    """A module's function that returns a new client.

    ``passes_on`` tells that it does no more than that, with its own arguments as they are, so
    that a call of it equals a construction. ``works`` tells that it calls methods of the client
    before it returns it, ``keeps`` that calls of it may share a client, ``is_for_one_store`` that
    it constructs with arguments of its own and takes none. ``through`` is the other maker that it
    calls.
    """

    meaning: Meaning
    path: str
    node: ast.FunctionDef
    line: int
    span: tuple[int, int]
    signature: Signature
    passes_on: bool
    works: bool
    keeps: bool = False
    is_for_one_store: bool = False
    through: Maker | None = None

    @property
    def chain(self) -> Iterator[Maker]:
        """It and all makers that it goes through."""
        current: Maker | None = self
        while current is not None:
            yield current
            current = current.through
