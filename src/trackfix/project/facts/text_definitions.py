"""Definitions as the bytes of a file show them, for questions that need no syntax tree.

A line of a string that looks like a definition is taken for one, and a name that is defined may
be bound again; so this only answers questions where such a file is no loss.
"""

from __future__ import annotations

import re

from trackfix.source.patterns import lazy_pattern

# A pattern that begins with a newline is found many times faster than one with ``^``.
_PUBLIC = lazy_pattern(rb"\n(?:async[ \t]+def|def|class)[ \t]+[^\W_]")
# A helper that warns, or that serves a lazy __getattr__, does not make a module more than a shim.
_PRIVATE = lazy_pattern(
    rb"\n(?:async[ \t]+def|def|class)[ \t]+_(?!_)(?!\w*(?:[Ww]arn|[Dd]eprecat|WARN|DEPRECAT))"
)
# NAME = "text", NAME = [...], NAME = call(...); not NAME = other.name.
_VALUE = lazy_pattern(
    rb"\n(?![Ll][Oo][Gg])[A-Za-z]\w*[ \t]*(?::[^=\n#]+)?=[ \t]*(?:[\"'\[{\d]|[A-Za-z_][\w.]*\()"
)
# The module's own warning, whose text may be such a value.
_WARNING = lazy_pattern(rb"\n(?:\w+\.)?\w*(?:[Ww]arn|[Dd]eprecat)\w*\(")
_ATTRIBUTE = lazy_pattern(
    rb"\n(?:[A-Za-z_\x80-\xff][\w.\x80-\xff]*\.([\w\x80-\xff]+)[ \t]*(?::[^=\n]+)?=[^=]"
    rb"|setattr\((?:[\w. ]+,[ ]*[\"'](\w+)[\"'])?)"
)
_DOCSTRING = lazy_pattern(
    rb"(?:\xef\xbb\xbf)?(?:[ \t\r\f]*(?:#[^\n]*)?\n)*[rRuU]?(?:'''.*?'''|\"\"\".*?\"\"\")",
    re.DOTALL,
)
# What binds names that the text does not hold.
_HIDDEN = lazy_pattern(
    rb"__getattr__|globals|vars|eval|exec|setattr|modules|__dict__|import[\s\\(]*\*"
)
_KEYWORDS = (b"def ", b"class ", b"async def ")
# What may stand between an equals sign and a name in a tuple of names, and how much of it.
_IN_VALUE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_., \t\r\n\\([\"'"
_FAR = 300
_LITERALS = tuple(b" = %b" % bytes([start]) for start in b"\"'[{0123456789")


def makes_names(data: bytes) -> bool:
    """Whether the left margin shows a function, class or value that no shim would have."""
    docstring = _DOCSTRING.match(data)
    start = docstring.end() if docstring else 0
    if _shows(_PUBLIC, data, start):
        return True
    if b"__getattr__" in data:
        return False
    if _shows(_VALUE, data, start) and not _shows(_WARNING, data, start):
        return True
    return _shows(_PRIVATE, data, start)


def attributes_set(data: bytes) -> frozenset[str]:
    """The names of the attributes that the left margin sets; an empty one if it does not tell."""
    found = _ATTRIBUTE.findall(b"\n" + _with_newlines(data))
    return frozenset(
        # A file may spell others than ASCII in other bytes, by its encoding and its accents.
        word.decode() if word.isascii() else ""
        for word in (assigned or literal for assigned, literal in found)
    )


def _with_newlines(data: bytes) -> bytes:
    if b"\r" in data:
        return data.replace(b"\r\n", b"\n\n").replace(b"\r", b"\n")
    return data


def _shows(pattern: re.Pattern[bytes], data: bytes, start: int) -> bool:
    data = _with_newlines(data)
    if pattern.search(data, start) is not None:
        return True
    first_line = data[: data.find(b"\n") + 1] or data
    return not start and pattern.match(b"\n" + first_line) is not None


def is_defined_in(data: bytes, name: str) -> bool:
    """Whether the left margin shows a function, a class or a literal of this name."""
    word = name.encode()
    if b"\r" in data:
        data = data.replace(b"\r", b"\n")
    position = data.find(word)
    while position >= 0:
        line = data.rfind(b"\n", 0, position) + 1
        before = data[line:position]
        end = position + len(word)
        if before in _KEYWORDS and data[end : end + 1] in (b"(", b":", b"["):
            return True
        if not before and data.startswith(_LITERALS, end):
            return True
        position = data.find(word, end)
    return False


def is_absent_from(data: bytes, name: str) -> bool:
    """Whether a module with these bytes can't have the name, whatever it does."""
    return name.encode() not in data and _HIDDEN.search(data) is None


def may_rename(data: bytes, name: str) -> bool:
    """Whether the bytes of a file show ``name as other``, or ``other = name``."""
    for match in re.finditer(rb"\b%b\b(\s+as\b)?(\s*\()?" % name.encode(), data):
        if match[1]:
            return True
        if not match[2]:
            before = data[max(match.start() - _FAR, 0) : match.start()]
            if before.rstrip(_IN_VALUE).endswith(b"="):
                return True
    return False
