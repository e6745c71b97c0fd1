import ast

import pytest

from trackfix.project.facts.expressions import (
    is_none,
    is_not_for_imports,
    last_call_name,
    last_name,
    names_in,
    root_name,
)


def expression(text):
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    "text, last, last_called, root",
    [
        ("a", "a", "", "a"),
        ("a.b", "b", "", "a"),
        ("f(x)", "", "f", "f"),
        ("a.f(x).b[0]", "", "", "a"),
        ("f(x).g(y)", "", "g", "f"),
        ("f(x)(y)", "", "", "f"),
        ("'text'.f()", "", "f", ""),
        ("(a or b).c", "c", "", ""),
    ],
)
def test_an_expression_is_named_by_its_last_part_by_what_it_calls_or_by_what_it_begins_with(
    text, last, last_called, root
):
    node = expression(text)
    assert (last_name(node), last_call_name(node), root_name(node)) == (last, last_called, root)


def test_names_are_those_read_and_bound_but_not_attributes_or_keywords():
    assert names_in(expression("[f(x.y, key=z) for x in (w := v)]")) == set("fxzwv")


@pytest.mark.parametrize("text, found", [("None", True), ("0", False), ("''", False), ("x", False)])
def test_none_is_only_the_constant(text, found):
    assert is_none(expression(text)) is found


def test_nothing_has_no_name_and_is_not_the_constant_none():
    assert (last_name(None), last_call_name(None), is_none(None)) == ("", "", False)


@pytest.mark.parametrize(
    "test, found",
    [
        ("TYPE_CHECKING", True),
        ("typing.TYPE_CHECKING", True),
        ("__name__ == '__main__'", True),
        ("sys.version_info >= (3, 11)", False),
        ("DEBUG", False),
        ("not TYPE_CHECKING", False),
    ],
)
def test_what_stands_below_some_tests_is_not_executed_by_an_import(test, found):
    assert is_not_for_imports(expression(test)) is found
