"""The one error of this layer, and those of parsers that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

# What parsers raise for code, or data, that is nested too deeply: that of Python gives up with the
# second one when its own stack is full.
TOO_DEEP = (RecursionError, MemoryError)


class SourceError(Exception):
    """A file that can't be used.

    `message` is one line which says what is wrong and what to do;
    `line` is the line (from 1) that it is about, if there is one.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, int | None]]:
        # Worker processes send their errors back; without this the line would get lost.
        return type(self), (self.message, self.line)


def in_one_line(error: Exception) -> str:
    """The kind and the text of any error."""
    return " ".join(f"{type(error).__name__}: {error}".split())


@contextmanager
def not_too_deep(purpose: str) -> Iterator[None]:
    """Within the block, code that is nested too deeply for its ``purpose`` is a `SourceError`."""
    try:
        yield
    except TOO_DEEP:
        raise SourceError(f"nested too deeply to {purpose}") from None
