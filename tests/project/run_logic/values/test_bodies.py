"""What names hold at a place."""

import ast

import pytest


@pytest.fixture
def held(body_of):
    """The texts that a name may hold at the last line, the nearest first."""

    def read(source, name="x"):
        return [ast.unparse(part.value) for part in body_of(source).held(name, 1 << 20)]

    return read


def test_a_name_bound_again_holds_the_last_value_only(held):
    assert held("x = a\nx = b") == ["b"]


def test_a_value_behind_a_test_of_the_name_is_a_fallback(held):
    assert held("x = a\nif not x:\n    x = b") == ["b", "a"]
    assert held("x = a\ntry:\n    pass\nexcept E:\n    x = b") == ["b", "a"]


def test_a_value_behind_another_test_is_none(held):
    assert held("x = a\nif y:\n    x = b") == ["b"]


def test_none_stands_for_nothing_yet(held):
    assert held("x = a\nif y:\n    pass\nelse:\n    x = None") == ["None", "a"]


def test_what_is_added_keeps_what_was_there(held):
    assert held("x = a\nx += b") == ["b", "a"]


def test_what_a_name_goes_through_while_it_is_made_is_gone_afterwards(held, body_of):
    assert held("x = next(x for x in a)") == ["next((x for x in a))"]
    source = "x = next(\n    x.c\n    for x in a\n    if x.b\n)"
    assert held(source)[0].startswith("next(")
    assert ast.unparse(body_of(source).held("x", 4)[0].value) == "a"


@pytest.mark.parametrize(
    "source",
    ["for x in a:\n    pass", "with a as x:\n    pass", "x: int = a", "(x := a)", "x, y = a, b",
     "y = [x for x in a]"],
)  # fmt: skip
def test_every_binding_counts(held, source):
    assert held(source) == ["a"]


def test_functions_see_what_is_around_them_but_their_own_first(held):
    assert held("x = a\ndef f():\n    return x") == ["a"]
    assert held("x = a\ndef f():\n    x = b") == ["b"]
    assert held("x = a\ndef f(x):\n    return x") == []


def test_attributes_are_held_by_their_owner(held):
    assert held("def f(self):\n    self.x = a", "self.x") == ["a"]


def test_inner_functions_are_bodies_of_their_own(body_of):
    body = body_of("def f():\n    def g():\n        return 1\n    h()\n    class C:\n        i()")
    assert [ast.unparse(call) for call in body.calls] == ["h()", "i()"]
    assert body.of(ast.Return) == []


def test_parameters_are_told_without_self(body_of):
    body = body_of("def f(self, a, /, b=1, *, c, d=2): pass")
    assert body.parameters == ("a", "b", "c", "d")
    assert body.required == ("a", "c")
    assert body_of("x = 1").parameters == ()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (
            "def f(source: MlflowClient, target: MlflowClient, n: int = 0): ...",
            {"source", "target"},
        ),
        ("def f(a: int, c: 'mlflow.MlflowClient'): ...", {"c"}),
        ("c = MlflowClient(uri)", {"c"}),
        ("c: Any = mlflow.tracking.MlflowClient()", {"c"}),
        ("c = f(MlflowClient)", set()),
    ],
)
def test_the_names_of_clients_are_told_by_the_line(body_of, source, names):
    assert body_of(source).file.client_names == names
