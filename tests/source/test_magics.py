"""IPython's syntax, masked."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackfix.source.notebooks import mask_magics


@pytest.mark.parametrize(
    ("source", "masked"),
    [
        ("%matplotlib inline\nimport a\n", "0#atplotlib inline\nimport a\n"),
        ("!pip install 'x\nimport a", "0#ip install 'x\nimport a"),
        ("!\nx", "0\nx"),
        ("if a:\n    !ls\nelse:\n\t%time b", "if a:\n    0#s\nelse:\n\t0#ime b"),
        ("?a\na?\na.b??\nnp.*load*?\n%time?", "0#\n0#\n0#b??\n0#.*load*?\n0#ime?"),
        ("x = !ls -l 'a\ny", "x = 0#s -l 'a\ny"),
        ("x = %time y", "x = 0#ime y"),
        ("d['k']: list = !ls", "d['k']: list = 0#s"),
        ("a, b =!ls", "a, b =0#s"),
        ("!pip install \\\n  a \\\n\n'x'", "0#ip install \\\n# a \\\n\n'x'"),
        ("!a \\\r\nb\r\nc\r\n", "0# \\\r\n#\r\nc\r\n"),
        ("%%time\nx\n", "0#time\nx\n"),
        ("\n%%capture out\n%%timeit -n 1\n!x\ny", "\n0#capture out\n0#timeit -n 1\n0#\ny"),
        (
            "%run ./a\nx = '''\n%s\n!\n'''\n(a\n % b)\n",
            "0#un ./a\nx = '''\n%s\n!\n'''\n(a\n % b)\n",
        ),
        ("x = a \\\n % b\n%y", "x = a \\\n % b\n0#"),
        ("%a\nx = '?'  # really?\ny = 'a \\\n!b'", "0#\nx = '?'  # really?\ny = 'a \\\n!b'"),
        ("%a\nf(x=1 if a != b else c)", "0#\nf(x=1 if a != b else c)"),
        ("%a\nit's\n%b", "0#\nit's\n0#"),
        ("/f a\n,g b c\n;h d", "0# a\n0# b c\n0# d"),
        ("%md # not Databricks\nx = 1", "0#d # not Databricks\nx = 1"),
        ("%python\nx = 1", "0#ython\nx = 1"),
    ],
)
def test_magics_are_masked(source: str, masked: str) -> None:
    assert mask_magics(source) == masked
    assert len(masked) == len(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x = 1\n",
        'x = """\n%s\n!ls\n?\n"""\n',
        "x = (a\n     % b)\n",
        "x = a \\\n  % b\n",
        "x = [1\n!= 2]",
        "# %%time\nx\n",
        "# Databricks notebook source\n# MAGIC %md\n# COMMAND ----------\nx\n",
        "await x\n",
        "'%%bash'",
        "x %= 3; y = x%3",
        "def broken(:\n  pass\n",
        "print 'Python 2'\n",
        "x = f'{a!r}'",
    ],
)
def test_what_is_no_magic_is_left_alone(source: str) -> None:
    assert mask_magics(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "%%bash\nls\n",
        "\n%%html\n<b>",
        "%%writefile a.py\nimport a\n",
        "%%time\n%%sql\nselect 1",
        "%%",
        "%sql\nselect a\nfrom b",
        "%md\n# Title\nSome words.",
    ],
)
def test_cells_in_other_languages_are_none(source: str) -> None:
    assert mask_magics(source) is None


PIECES = [
    "%m x\n",
    "!s \\\n",
    "a = !b\n",
    "'''",
    "(",
    ")",
    "'",
    "x?\n",
    "\n",
    "    ",
    "é",
    "#",
    "if a:\n",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_masking_keeps_length_and_lines(source: str) -> None:
    masked = mask_magics(source)
    assert masked is not None
    assert [len(line) for line in masked.split("\n")] == [len(line) for line in source.split("\n")]


MAGICS = ["%time it's", "!ls 'a", "?x", "y??", "z = !ls (", "w = %who [", "!a \\\n  b '''"]
PYTHON = ["import a", "x = '''\n!\n'''", "f(a\n% b)", "'?'", "#?"]


@given(
    st.lists(
        st.tuples(st.sampled_from(MAGICS + PYTHON), st.sampled_from(["", "if a:\n    ", "\n"]))
    )
)
def test_magics_among_python_become_python(parts: list[tuple[str, str]]) -> None:
    source = "".join(f"{before}{line}\n" for line, before in parts if line[0] != "#" or not before)
    masked = mask_magics(source)
    assert masked is not None
    ast.parse(masked)
