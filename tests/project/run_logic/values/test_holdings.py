"""The nodes of a function, and what those that bind names give them."""

import ast

import pytest

from trackfix.project.run_logic.values.holdings import holdings_of, own_nodes


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = a", [("x", "a", "value")]),
        ("x = y = a", [("x", "a", "value"), ("y", "a", "value")]),
        ("x: int = a", [("x", "a", "value")]),
        ("x += a", [("x", "a", "added")]),
        ("for x in a: pass", [("x", "a", "each")]),
        ("x: int", []),
        ("del x", []),
    ],
)
def test_a_statement_gives_what_it_binds(source, found):
    holdings = holdings_of(ast.parse(source).body[0])
    assert [(ast.unparse(t), ast.unparse(h.value), h.how) for t, h in holdings] == found


def test_what_with_and_comprehensions_bind_is_given_as_such():
    nodes = ast.walk(ast.parse("with a as x:\n    [y for y in b if (z := y)]\nwith c: pass"))
    found = [(ast.unparse(t), h.how) for node in nodes for t, h in holdings_of(node)]
    assert sorted(found) == [("x", "with"), ("y", "each"), ("z", "value")]


def test_the_nodes_of_inner_functions_are_theirs_and_those_of_classes_say_so():
    module = ast.parse("a\nclass C:\n    b\n    def f(self, d=e):\n        g\n")
    parents: dict[ast.AST, ast.AST] = {}
    names = [(n.id, owner) for n, owner in own_nodes(module, parents) if isinstance(n, ast.Name)]
    assert names == [("a", ""), ("b", "C"), ("e", "C")]
    assert parents[module.body[1]] is module
