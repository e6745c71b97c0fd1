"""Bytes to text and back, and positions in it."""

import ast
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackfix.source.errors import SourceError
from trackfix.source.text import LineIndex, decode, encode, read_bytes, split_lines, whole_lines


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x = 1",
        b"x = 1\r\ny = 2\r",
        b"\xef\xbb\xbfx = 1\n",
        b"\xef\xbb\xbf# coding: utf-8\n",
        "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"),
        "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'\n".encode("cp1252"),
        "# coding: shift_jis\nx = '日本'\n".encode("shift_jis"),
        b"\x0c# coding: iso-8859-15\nx = '\xa4'\n",
        b"# coding: utf-8-unix\nx = 1\n",
        b"# coding: utf-8-sig\nx = 1\n",
        "a = 'ü\u2028\x0c'\n".encode(),
    ],
)
def test_bytes_come_back_the_same(data: bytes) -> None:
    source = decode(data)
    assert encode(source, source.text) == data


@given(st.binary())
def test_any_bytes_either_come_back_the_same_or_are_refused(data: bytes) -> None:
    try:
        source = decode(data)
    except SourceError:
        return
    assert encode(source, source.text) == data


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_utf8_text_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode(), cookie=False).text == text


@pytest.mark.parametrize(
    ("data", "newline"),
    [
        (b"", "\n"),
        (b"a\nb\r\n", "\n"),
        (b"a\r\nb\r\nc\n", "\r\n"),
        (b"a\rb\rc\r\n", "\r"),
        (b"a\x0cb\x0bc", "\n"),
    ],
)
def test_newline_is_the_dominant_one(data: bytes, newline: str) -> None:
    assert decode(data).newline == newline


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"a\nb\0c\n", "contains a NUL byte", 2),
        (b"a\r\nb\rx = '\xe9'\n", "is not valid utf-8", 3),
        (b"# coding: no-such-codec\n", "unknown encoding 'no-such-codec'", 1),
        (b"\n# coding: klingon\n", "unknown encoding 'klingon'", 2),
        (b"# coding: hex\n", "not a text encoding", 1),
        (b"\xef\xbb\xbf# coding: latin-1\n", "BOM", 1),
        (b"# coding: ascii\nx = '\xe9'\n", "is not valid ascii", 2),
        (b"# coding: iso2022_jp\nx = '\x1b$B\x1b(B'\n", "written back unchanged", None),
    ],
)
def test_what_cannot_be_decoded_is_refused_with_its_line(
    data: bytes, message: str, line: int | None
) -> None:
    with pytest.raises(SourceError) as caught:
        decode(data)
    assert message in caught.value.message
    assert caught.value.line == line


@pytest.mark.parametrize(
    "data",
    [
        b"x = 1  # not the first thing\n# coding: klingon\n",
        b"#\n#\n# coding: klingon\n",
        b"x = '# coding: klingon'\n",
        b"x = 1\n",
    ],
)
def test_a_cookie_elsewhere_is_left_alone(data: bytes) -> None:
    assert decode(data).encoding == "utf-8"


def test_a_cookie_counts_for_python_only() -> None:
    assert decode("# coding: latin-1\né".encode(), cookie=False).text.endswith("é")


def test_a_character_that_the_encoding_lacks_is_refused_with_its_line() -> None:
    source = decode(b"# coding: latin-1\n")
    with pytest.raises(SourceError, match="iso8859-1") as caught:
        encode(source, "# coding: latin-1\nx = '€'\n")
    assert caught.value.line == 2


CODE = [
    "alpha = beta\n",
    "if 1:\n\talpha = beta\n\n\x0cgamma\n",
    "\x0calpha\n",
    "alpha\r\nbeta\r\n",
    "alpha\rbeta\rgamma = '''\r\n'''; delta\n",
    "'é'; alpha; 'ü€😀'; beta\nété = alpha\n",
    "'\u2028\x0b\x1c\x85'; alpha\nbeta\n",
    "alpha + \\\n  beta; '''\né''' + gamma\n",
    "# é\n\nalpha",
]


@pytest.mark.parametrize("text", CODE)
def test_ast_positions_lead_to_the_names(text: str) -> None:
    index = LineIndex(text)
    names = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    assert names
    for node in names:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = index.offset(node.lineno, node.col_offset)
        end = index.offset(node.end_lineno, node.end_col_offset)
        assert text[start:end] == node.id


@given(st.text("ab é😀\t\x0c\x0b\u2028\x1c\r\n"))
def test_offset_is_the_inverse_of_position(text: str) -> None:
    index = LineIndex(text)
    for offset in range(len(text) + 1):
        line, column = index.position(offset)
        prefix = text[offset - column + 1 : offset]
        assert index.offset(line, len(prefix.encode())) == offset


def test_positions_count_characters_from_one() -> None:
    index = LineIndex("é = 1\r\nüx\x0cy\n")
    assert index.position(0) == (1, 1)
    assert index.position(8) == (2, 2)
    assert index.position(10) == (2, 4)
    assert index.position(12) == (3, 1)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x\r\n\0")
    assert read_bytes(path) == b"x\r\n\0"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.py"
    loop.symlink_to(loop)
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    for path, message in [
        (tmp_path / "missing.py", "does not exist"),
        (pipe / "below.py", "does not exist"),
        (tmp_path, "is a directory"),
        (loop, "loop of symbolic links"),
        (pipe, "not a regular file"),
    ]:
        with pytest.raises(SourceError, match=message):
            read_bytes(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.touch(mode=0)
    with pytest.raises(SourceError, match="permission denied"):
        read_bytes(path)


@given(st.text(alphabet="a\r\n\f\v\x85\u2028"))
def test_whole_lines_are_those_of_the_parser_with_their_newlines(text):
    lines = whole_lines(text)
    assert "".join(lines) == text
    bare = [line.rstrip("\r\n") for line in lines]
    assert bare == split_lines(text)[: len(bare)]
