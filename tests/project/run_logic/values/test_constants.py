"""The text constants of a module."""

import ast

import pytest

from trackfix.project.run_logic.values.constants import text_constants


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("A = 'x'", {"A": "x"}),
        ("A: Final = 'x'", {"A": "x"}),
        ("A = B = 'x'", {"A": "x", "B": "x"}),
        ("A = 'x'\nB = f'{A}.y'\nC = A + '.z'\nD = B", {"A": "x", "B": "x.y", "C": "x.z", "D": "x.y"}),
        ("class T:\n    P = 'x'\n    A = P + '.y'\n    B: str = f'{P}.z'",
         {"T.P": "x", "T.A": "x.y", "T.B": "x.z"}),
        ("P = 'x'\nclass T(Enum):\n    A = f'{P}.y'\nB = T.A.value", {"P": "x", "T.A": "x.y", "B": "x.y"}),
        ("T = {'a': 'x', 'b': 'y', 1: 'z'}", {"T.a": "x", "T.b": "y"}),
        ("T = SimpleNamespace(a='x', b=1)", {"T.a": "x"}),
        ("class T:\n    a: str = 'x'\n    b: str = 'y'\nt = T(b='z')",
         {"T.a": "x", "T.b": "y", "t.a": "x", "t.b": "z"}),
        ("class T:\n    a: str = 'x'\n    b: str = 'y'\nt = T(b=f())",
         {"T.a": "x", "T.b": "y", "t.a": "x"}),
        ("class T:\n    a: str = 'x'\nt = T(f())", {"T.a": "x"}),
    ],
)  # fmt: skip
def test_texts_are_known_by_the_names_that_others_have_for_them(source, found):
    assert text_constants(ast.parse(source)) == found


@pytest.mark.parametrize(
    "source",
    [
        "A = f()",
        "A = f'{b}.x'",
        "A = 1",
        "A = b + 'x'",
        "def f():\n    A = 'x'",
        "A: str",
        "A.b = 'x'",
    ],
)
def test_what_only_a_run_tells_is_none(source):
    assert text_constants(ast.parse(source)) == {}
