"""Bytes of a file to text and back, and positions within the text."""

from __future__ import annotations

import codecs
import errno
import os
import stat
from bisect import bisect_right
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

# PEP 263: a comment on line one, or on line two if line one holds no code.
_COOKIE = lazy_pattern(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_NO_CODE = lazy_pattern(rb"[ \t\f]*(?:#.*)?$")
_LINE_END_BYTES = lazy_pattern(rb"\r\n|\n|\r")
# CPython ends lines here and nowhere else: not at \f, \v, \x1c or \u2028.
_LINE_END = lazy_pattern(r"\r\n|\n|\r")


class SourceText(NamedTuple):
    """Decoded text with its newlines as they are in the file, and what it takes to encode it."""

    text: str
    encoding: str
    bom: bool
    newline: str


def decode(data: bytes, *, cookie: bool = True) -> SourceText:
    """The text of a file, such that `encode` gives the same bytes.

    Honours a UTF-8 BOM and, unless `cookie` is false (for files that aren't Python),
    a PEP 263 coding cookie. Raises SourceError for NUL bytes, an unknown codec, bytes that the
    codec can't read, and codecs that don't give the same bytes back.
    """
    nul = data.find(b"\0")
    if nul >= 0:
        raise SourceError(
            "contains a NUL byte, so it is not a text file; exclude it or save it as UTF-8",
            _line_at(data, nul),
        )
    bom = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if bom else data
    encoding = (_declared_encoding(body, bom) if cookie else None) or "utf-8"
    try:
        text = body.decode(encoding)
        again = text.encode(encoding)
    except UnicodeError as error:
        # Not every codec says where: some raise the bare UnicodeError.
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise SourceError(
            f"is not valid {encoding}; save it as {encoding} or declare the encoding it has",
            _line_at(body, start),
        ) from error
    except (LookupError, ValueError) as error:
        raise SourceError(f"declares {encoding!r}, which is not a text encoding", 1) from error
    if again != body:
        raise SourceError(f"can't be written back unchanged as {encoding}; save it as UTF-8")
    return SourceText(text, encoding, bom, _dominant_newline(text))


def encode(source: SourceText, text: str) -> bytes:
    """The bytes of `text` in the encoding of `source`, with its BOM if it has one.

    Raises SourceError if the encoding lacks a character.
    """
    try:
        data = text.encode(source.encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise SourceError(
            f"{character!r} can't be written as {source.encoding}; save the file as UTF-8 first",
            LineIndex(text).position(error.start)[0],
        ) from error
    return codecs.BOM_UTF8 + data if source.bom else data


def split_lines(text: str) -> list[str]:
    """The lines of a text as Python's parser counts them: a form feed, say, ends none."""
    return _LINE_END.split(text)


def whole_lines(text: str) -> list[str]:
    """The same lines, each with its newline."""
    ends = [match.end() for match in _LINE_END.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)]) if start < end]


class LineIndex:
    """Turns positions of `ast` into offsets in the text, and offsets into positions to show."""

    __slots__ = ("_ascii", "_columns", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._ascii = text.isascii()
        if "\r" in text:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        else:
            lengths = [len(line) + 1 for line in text.split("\n")]
            self._starts = list(accumulate(lengths[:-1], initial=0))
        self._columns: dict[int, list[int]] = {}

    def offset(self, line: int, column: int) -> int:
        """Offset of an `ast` position: line from 1, column in UTF-8 bytes.

        Raises IndexError for a position that the text doesn't have.
        """
        start = self._starts[line - 1]
        if self._ascii:
            return start + column
        columns = self._columns.get(line)
        if columns is None:
            columns = self._columns[line] = self._characters_by_byte(line)
        return start + columns[column]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def _characters_by_byte(self, line: int) -> list[int]:
        """For each UTF-8 byte of a line, and its end, the character that it belongs to."""
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        columns: list[int] = []
        for number, character in enumerate(self._text[self._starts[line - 1] : end]):
            columns += [number] * len(character.encode("utf-8", "surrogatepass"))
        columns.append(end - self._starts[line - 1])
        return columns


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a regular file.

    Raises SourceError if it is missing, unreadable, a loop of symlinks, or not a file.
    """
    # Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_ISREG(mode):
                return file.read()
    except OSError as error:
        raise SourceError(_why_unreadable(error)) from error
    raise SourceError("is not a regular file (a pipe, socket or device); exclude it")


def _why_unreadable(error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return "is a directory; name a file"
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "does not exist; check the path"
    if isinstance(error, PermissionError):
        return "can't be read: permission denied; change its permissions or exclude it"
    if error.errno == errno.ELOOP:
        return "is a loop of symbolic links; remove the link or exclude it"
    return f"can't be read: {error.strerror or error}"


def _declared_encoding(body: bytes, bom: bool) -> str | None:
    """The codec that the cookie names, None without one."""
    # The cookie can't be further away than two lines, and files can be long.
    for number, line in enumerate(_LINE_END_BYTES.split(body, maxsplit=2)[:2], start=1):
        found = _COOKIE.match(line)
        if found:
            name = found[1].decode("ascii", "replace")
            plain = name.lower().replace("_", "-")
            # CPython reads any flavour such as utf-8-sig or utf-8-unix as UTF-8.
            if plain == "utf-8" or plain.startswith("utf-8-"):
                return "utf-8"
            try:
                codec = codecs.lookup(name).name
            except (LookupError, ValueError) as error:
                raise SourceError(
                    f"declares the unknown encoding {name!r}; correct the coding comment", number
                ) from error
            if bom and codec != "utf-8":
                raise SourceError(
                    f"declares {name!r} but starts with a UTF-8 BOM; remove one of them", number
                )
            return codec
        if not _NO_CODE.match(line):
            return None
    return None


def _dominant_newline(text: str) -> str:
    crlf = text.count("\r\n")
    counts = {
        "\n": text.count("\n") - crlf,
        "\r\n": crlf,
        "\r": text.count("\r") - crlf,
    }
    return max(counts, key=counts.__getitem__)


def _line_at(data: bytes, offset: int) -> int:
    return len(_LINE_END_BYTES.findall(data, 0, offset)) + 1
