"""The part of Python's lexical rules that tells strings, comments and brackets from the rest.

`tokenize` is not enough: it stops at the first thing that it doesn't know, such as a magic in a
notebook, and the f-strings that it knows are those of the running interpreter.
"""

from __future__ import annotations

import re

from trackfix.source.patterns import lazy_pattern

ESCAPED = r"\\(?:\r\n|[\s\S])"

# The lookahead says nothing new, but makes the search several times faster.
TOKEN = lazy_pattern(
    r"""
    (?=[\#'"\[\](){}\\\r\n=!<>:])
    (?:
        (?P<comment>\#[^\r\n]*)
      | (?P<quote>\'\'\'|\"\"\"|'|")
      | (?P<open>[\[({])
      | (?P<close>[\])}])
      | (?P<joined>\\(?:\r\n|[\r\n]))
      | (?P<newline>\r\n|[\r\n])
      | [=!<>]=
      | (?P<mark>[!:=])
    )
    """,
    re.VERBOSE,
)
_PREFIX = lazy_pattern(r"\b[A-Za-z]{1,2}\Z")

# What follows the opening quote. A quote within a string of three quotes may stand alone or
# in a pair.
_REST = {
    "'": lazy_pattern(rf"[^'\\\r\n]*(?:{ESCAPED}[^'\\\r\n]*)*'"),
    '"': lazy_pattern(rf'[^"\\\r\n]*(?:{ESCAPED}[^"\\\r\n]*)*"'),
    "'''": lazy_pattern(rf"[^'\\]*(?:(?:{ESCAPED}|'(?!''))[^'\\]*)*'''"),
    '"""': lazy_pattern(rf'[^"\\]*(?:(?:{ESCAPED}|"(?!""))[^"\\]*)*"""'),
}


def string_end(text: str, start: int, quote: str) -> int | None:
    """Offset after a string's closing quote; `start` is that after its opening quote.

    Meant for strings without replacement fields. None if the string is not closed.
    """
    found = _REST[quote].match(text, start)
    return found.end() if found else None


def string_prefix(text: str, quote: int) -> str:
    """What may be the prefix of the string with its opening quote at an offset, in lower case.

    It can also be a keyword, as in `if"a"`.
    """
    found = _PREFIX.search(text[max(quote - 3, 0) : quote])
    return found[0].lower() if found else ""
