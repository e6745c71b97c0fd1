"""What is made of a document, what of a notebook is no Python, and where that is said to be."""

import json
import sys

import pytest

from trackfix.source.document import from_bytes
from trackfix.source.errors import SourceError


def notebook(*sources, indent=1):
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"cells": cells}, indent=indent)


def error_in(text):
    with pytest.raises(SourceError) as caught:
        from_bytes("n.ipynb", text.encode()).tree
    return caught.value


@pytest.mark.parametrize(
    "sources, found",
    [
        ([["a = 1\n", "f(\n"], ["b = 2"]], "f("),
        ([["a = 1"], ["%matplotlib inline\n", "b = 2\n", "def f(:\n", "    pass"]], "def f(:"),
        ([["a = 1"], ["def f():\n"], ["b = 2"]], "def f():"),
    ],
)
def test_a_broken_cell_is_named_by_its_own_line(sources, found):
    text = notebook(*sources)
    lines = [line.strip() for line in text.split("\n")]
    assert error_in(text).line == next(n for n, line in enumerate(lines, 1) if found in line)


def test_a_broken_cell_in_one_line_is_named_by_that_line():
    assert error_in(notebook(["a = 1\n", "f("], indent=None)).line == 1


def test_what_is_no_python_but_a_magic_is_no_error():
    text = notebook(["await f()\n"], ["!ls (\n", "x = 1"], ["%%bash\n", "ls ("], [])
    assert len(from_bytes("n.ipynb", text.encode()).tree.body) == 3


def test_an_analysis_is_made_once_for_each_who_asks():
    document = from_bytes("a.py", b"x = 1\n")
    made = []

    def make():
        made.append(document.tree)
        return len(made)

    assert [document.analysis(by, make) for by in ("a", "b", "a", "b")] == [1, 2, 1, 2]


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_an_analysis_that_goes_too_deep_is_an_error_each_time(error):
    document = from_bytes("a.py", b"x = 1\n")

    def make():
        raise error

    for _ in range(2):
        with pytest.raises(SourceError, match=r"^nested too deeply to tell what its names mean$"):
            document.analysis("a", make)


@pytest.mark.parametrize(
    "code",
    [
        "x = " + "[" * 20_000 + "]" * 20_000,  # kills the process where libcst parses it
        "x = " + "-" * 100_000 + "1",  # MemoryError
        pytest.param(
            "x = 1" + " + 1" * 50_000,  # RecursionError
            marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="is parsed there"),
        ),
        "print 'old'\nx = " + "(" * 20_000 + "1" + ")" * 20_000,
    ],
)
def test_what_is_nested_too_deeply_is_an_error(code):
    with pytest.raises(SourceError, match=r"nested|syntax error"):
        from_bytes("m.py", code.encode()).tree


@pytest.mark.parametrize(
    "code",
    [
        "x = " + "[" * 90 + "]" * 90,
        "type X = " + "[" * 90 + "]" * 90,  # newer syntax, which libcst reads
        "type X = int\n" + "x = '((('  # (((\n" * 200,
        "type X = int\nx = f'{(\"(((\")}'\n" * 100,
    ],
)
def test_brackets_in_other_places_are_not_nested(code):
    assert from_bytes("m.py", code.encode()).tree.body
