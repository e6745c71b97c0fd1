"""One import statement: read, pointed elsewhere, and written."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackfix_codemods.imports.imported_name import ImportedName, imported, is_pragma
from trackfix_codemods.imports.statements import read_names, render_from, render_import, retarget


def test_names_are_read_with_their_comments():
    names = read_names(
        "from m import (  # open\n    # above a\n    a,  # one\n    b as c,\n    # last\n)"
    )
    assert [name.code for name in names] == ["a", "b as c"]
    assert [name.local for name in names] == ["a", "c"]
    assert names[0].comment == "# one" and "# above a" in names[0].above
    assert names[1].has_comment


@pytest.mark.parametrize(
    "text, names",
    [
        ("from m import a", ["a"]),
        ("from . import a as a, b", ["a as a", "b"]),
        ("from m import (a, b,)", ["a", "b"]),
        ("from m import a, \\\n  b as x", ["a", "b as x"]),
        ("from m import é as ü", ["é as ü"]),
    ],
)
def test_every_layout_is_read(text, names):
    assert [name.code for name in read_names(text)] == names


RETARGETS = [
    ("from m import a", "n", ["a"], "from n import a"),
    ("from m.x import a as b", "n.y.z", ["a as b"], "from n.y.z import a as b"),
    ("from .m import a", "n", ["a"], "from n import a"),
    ("from m import a", "..n", ["a"], "from ..n import a"),
    ("from .m import a", ".", ["a"], "from . import a"),
    ("from m import a", "n", ["b as a"], "from n import b as a"),
    ("from m import b as a", "n", ["a"], "from n import a"),
    ("from m import (\n    a,  # why\n)", "n", ["a"], "from n import (\n    a,  # why\n)"),
    ("from m import a, \\\n    b", "n", ["a", "b"], "from n import a, \\\n    b"),
    ("from  m  import  a", "n", ["a"], "from  n  import  a"),
    ("from m import(a)", "n", ["b as a"], "from n import(b as a)"),
]


def read(code):
    name, _, asname = code.partition(" as ")
    return ImportedName(name, asname)


@pytest.mark.parametrize("before, module, names, after", RETARGETS)
def test_a_statement_is_pointed_elsewhere_in_its_own_layout(before, module, names, after):
    assert retarget(before, module, [read(name) for name in names]) == after
    ast.parse(after)


def test_a_star_is_pointed_elsewhere():
    assert retarget("from m import *", ".n", None) == "from .n import *"


NAMES = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["", "x", "y"])), min_size=1)


@given(
    NAMES, st.integers(0, 120), st.sampled_from(["", "    ", "\t"]), st.sampled_from(["\n", "\r\n"])
)
def test_what_is_written_is_read_back(pairs, limit, indent, newline):
    names = [ImportedName(*pair) for pair in pairs]
    text = render_from("m.n", names, indent=indent, limit=limit, newline=newline)
    assert [name.code for name in read_names(text)] == [name.code for name in names]
    assert newline == "\r\n" or "\r" not in text
    one_line = newline not in text
    assert one_line == (
        len(indent) + len(f"from m.n import {', '.join(n.code for n in names)}") <= limit
    )
    ast.parse(text)


def test_a_comment_calls_for_parentheses():
    names = [ImportedName("a", "", "# why", ("# above",)), ImportedName("b")]
    assert render_from("m", names, indent="    ", limit=88, newline="\n") == (
        "from m import (\n        # above\n        a,  # why\n        b,\n    )"
    )


def test_plain_imports():
    assert render_import("a.b") == "import a.b"
    assert render_import("a.b", "c") == "import a.b as c"


def test_a_name_is_bound_to_what_it_was_bound_to():
    assert imported("a", "a").code == "a"
    assert imported("new", "a").code == "new as a"
    assert imported("a", "a", like=ImportedName("a", "a", "# why")).code == "a as a"
    assert imported("new", "a", like=ImportedName("a", "", "# why")).comment == "# why"


@pytest.mark.parametrize(
    "comment, says",
    [
        ("# noqa: F401", True),
        ("# NOQA", True),
        ("#type: ignore", True),
        ("# pylint: disable=x", True),
        ("# pragma: no cover", True),
        ("# isort: skip", True),
        ("# the reason", False),
        ("", False),
        ("# nothing of noqa", False),
    ],
)
def test_comments_that_speak_to_a_tool(comment, says):
    assert is_pragma(comment) is says
