"""Spells f-strings and t-strings as lists of their expressions, each at its old offset.

So `f"{a.b!r:>{width}} text"` becomes `[  a.b  , width,      ]`. Any interpreter can parse that,
and reports right positions for what is in it: `ast` before Python 3.12 reports wrong ones
within f-strings, and can't parse those of PEP 701 (or t-strings before 3.14).
"""

from __future__ import annotations

import re

from trackfix.source.lexing import ESCAPED, TOKEN, string_end, string_prefix
from trackfix.source.patterns import lazy_pattern

_ANY = lazy_pattern(r"""\b(?:[ft]r?|r[ft])['"]""", re.IGNORECASE)
_PREFIXES = frozenset({"f", "fr", "rf", "t", "tr", "rt"})
_LITERAL = lazy_pattern(rf"""{ESCAPED}|\{{\{{|\}}\}}|[{{}}]|'''|\"\"\"|['"\r\n]""")
_GAP = r"(?:\s|#[^\r\n]*)*"
_AFTER_EXPRESSION = lazy_pattern(rf"=?{_GAP}(?:!{_GAP}\w+{_GAP})?")
_YIELD = lazy_pattern(r"\s*(yield(?:\s+from)?)\b")
_NOT_NEWLINE = lazy_pattern(r"[^\r\n]")


class _Unreadable(Exception):
    """The text is not Python that we can split into tokens."""


def lower_fstrings(text: str) -> str | None:
    """The text with all f-strings and t-strings spelled as lists, each expression in its place.

    Length and newlines stay the same, so offsets do; but as blanks take the place of literal
    text, columns in UTF-8 bytes may not: turn positions into offsets with a LineIndex of the
    result. Plain strings that are concatenated with an f-string go with it. None if a string or
    a replacement field isn't closed.
    """
    if not _ANY.search(text):
        return text
    lowering = _Lowering(text)
    try:
        lowering.code(0, in_field=False)
    except (_Unreadable, RecursionError):
        return None
    return "".join(lowering.characters)


class _Lowering:
    def __init__(self, text: str) -> None:
        self.text = text
        self.characters = list(text)

    def code(self, position: int, *, in_field: bool) -> int:
        """Handle the strings in code; end at the end of the text or of a field's expression."""
        depth = 0
        strings: list[tuple[int, int, bool]] = []
        # Between two strings that are concatenated, all is seen up to here.
        seen = position
        while found := TOKEN.search(self.text, position):
            start, position = found.span()
            kind = found.lastgroup
            prefix = ""
            if kind == "quote":
                prefix = string_prefix(self.text, start)
                start -= len(prefix)
            if strings and self.text[seen:start].strip():
                self.close_group(strings)
            if kind == "quote":
                formatted = prefix in _PREFIXES
                position = self.string(position, found[0], prefix if formatted else None)
                strings.append((start, position, formatted))
            elif kind in ("comment", "joined") or (kind == "newline" and (depth or in_field)):
                if in_field and kind != "newline":
                    # Else the end of the expression would be hard to tell.
                    self.blank(start, position)
            else:
                self.close_group(strings)
                if in_field and depth == 0 and (kind == "mark" or found[0] == "}"):
                    return start
                if kind == "open":
                    depth += 1
                elif kind == "close":
                    depth = max(depth - 1, 0)
            seen = position
        self.close_group(strings)
        if in_field:
            raise _Unreadable
        return len(self.text)

    def close_group(self, strings: list[tuple[int, int, bool]]) -> None:
        """Make one list of adjacent strings if one of them is formatted."""
        if any(formatted for _, _, formatted in strings):
            for start, end, formatted in strings:
                if not formatted:
                    self.blank(start, end)
            self.characters[strings[0][0]] = "["
            self.characters[strings[-1][1] - 1] = "]"
        strings.clear()

    def string(self, position: int, quote: str, prefix: str | None) -> int:
        """Offset after the string whose content starts at `position`.

        Given the prefix of a formatted one, blanks all but its expressions.
        """
        if prefix is None:
            end = string_end(self.text, position, quote)
            if end is None:
                raise _Unreadable
            return end
        self.blank(position - len(quote) - len(prefix), position)
        return self.literal(position, quote, raw="r" in prefix, in_spec=False)

    def literal(self, position: int, quote: str, *, raw: bool, in_spec: bool) -> int:
        """Blank literal text, handle its fields; end after the quote, or at a spec's `}`."""
        begin = position
        while found := _LITERAL.search(self.text, position):
            start, position = found.span()
            token = found[0]
            if token[0] == "\\":
                position = self.escape(found, raw=raw)
            elif token[0] in "\"'":
                if self.text.startswith(quote, start) and not in_spec:
                    position = start + len(quote)
                    self.blank(begin, position)
                    return position
                if self.text.startswith(quote, start):
                    raise _Unreadable
                position = start + 1
            elif token in "\r\n":
                if len(quote) == 1:
                    raise _Unreadable
            elif token[0] == "}" and in_spec:
                self.blank(begin, start)
                return start
            elif token == "{" or (token == "{{" and in_spec):
                # Doubled braces stand for one in the text, but not in a format spec.
                self.blank(begin, start)
                begin = position = self.field(start, quote, raw=raw)
            elif token == "}":
                raise _Unreadable
        raise _Unreadable

    def escape(self, found: re.Match[str], *, raw: bool) -> int:
        """Offset after a backslash and what it escapes."""
        escaped = found[0][1:]
        if escaped in ("{", "}"):
            return found.start() + 1
        if escaped == "N" and not raw and self.text.startswith("{", found.end()):
            end = self.text.find("}", found.end())
            if end < 0:
                raise _Unreadable
            return end + 1
        return found.end()

    def field(self, start: int, quote: str, *, raw: bool) -> int:
        """Offset after a replacement field, its expression left standing before a comma."""
        end = self.code(start + 1, in_field=True)
        self.characters[start] = " "
        self.drop_yield(start, end)
        expression = "".join(self.characters[start:end])
        after = _AFTER_EXPRESSION.match(self.text, end)
        position = after.end() if after else end
        self.blank(end, position)
        mark = self.text[position : position + 1]
        if mark not in (":", "}") or not mark:
            raise _Unreadable
        # The tuple of `{a,}` ends in the comma that is needed.
        self.characters[position] = " " if expression.rstrip().endswith(",") else ","
        if mark == ":":
            position = self.literal(position + 1, quote, raw=raw, in_spec=True)
            self.characters[position] = " "
        return position + 1

    def drop_yield(self, start: int, end: int) -> None:
        """Without its keyword, as `yield` can stand in a field but not in a list."""
        found = _YIELD.match(self.text, start + 1, end)
        if found:
            self.blank(*found.span(1))
            if not "".join(self.characters[start:end]).strip():
                self.characters[found.start(1)] = "0"

    def blank(self, start: int, end: int) -> None:
        self.characters[start:end] = _NOT_NEWLINE.sub(" ", self.text[start:end])
