"""What is not known of a text: a hole in it, the name of what stands there between two marks."""

from __future__ import annotations

from trackfix.source.patterns import lazy_pattern

_OPEN, _CLOSE = "\x01", "\x02"
HOLE = lazy_pattern(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


def hole(name: str) -> str:
    """A hole in a text."""
    return f"{_OPEN}{name}{_CLOSE}"


def closed(text: str) -> str:
    """A text with ``*`` for its holes, but for those that another module may fill."""
    return HOLE.sub(lambda m: m[1] if m[1].startswith("<") and m[1][1:2] != ":" else "*", text)


def key_in(text: str) -> str:
    """The key that a text is; one that is all hole is what stands in the hole."""
    whole = HOLE.fullmatch(text)
    if whole:
        return whole[1] if whole[1].startswith("<") else f"<:{whole[1]}>"
    return closed(text)
