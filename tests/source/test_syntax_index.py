"""The walks over a syntax tree."""

import ast

import pytest

from trackfix.source.syntax_index import own_nodes

INNER = {
    "a function": "def inner(x=a): b",
    "an asynchronous function": "async def inner(): b",
    "a class": "class Inner(a): b = c",
    "a lambda": "f = lambda: b",
}


@pytest.mark.parametrize("code", INNER.values(), ids=INNER)
def test_what_is_in_an_inner_definition_is_not_of_the_body(code):
    body = ast.parse(f"first\n{code}\nlast").body
    names = [n.id for n in own_nodes(body) if isinstance(n, ast.Name)]
    assert names[0] == "first" and names[-1] == "last" and not {"a", "b", "c"} & {*names}
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert sum(isinstance(node, kinds) for node in own_nodes(body)) == 1


def test_blocks_are_walked_in_the_order_of_the_text():
    body = ast.parse("if a:\n    b(c)\nelse:\n    with d: e\nfor f in g: h").body
    assert "".join(n.id for n in own_nodes(body) if isinstance(n, ast.Name)) == "abcdefgh"
