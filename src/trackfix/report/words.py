"""How all reports put counts, and text that is not theirs."""

from __future__ import annotations


def many(count: int, noun: str) -> str:
    """A count and a noun: ``1 file``, ``2 files``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def printable(text: str) -> str:
    """The text in one line, without what would make a terminal do more than show it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
