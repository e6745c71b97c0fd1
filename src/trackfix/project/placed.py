"""What stands somewhere in a document."""

from __future__ import annotations

from abc import ABC, abstractmethod

from trackfix.source.document import Document


class Placed(ABC):
    """Something with a ``span`` in a document; offsets count characters of it."""

    document: Document

    @property
    @abstractmethod
    def span(self) -> tuple[int, int]:
        """Where it stands."""

    @property
    def start(self) -> tuple[int, int]:
        """Line and column in the file, both from 1."""
        return self.document.place(self.span[0])

    @property
    def end(self) -> tuple[int, int]:
        """Line and column behind it."""
        return self.document.place(self.span[1])
