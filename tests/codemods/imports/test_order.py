"""The order of imports is recognised before it is kept."""

import pytest

from trackfix_codemods.imports.order import NAME_KEYS, natural, sort_key_of


def test_numbers_are_compared_by_value():
    assert sorted(["x10", "x2", "x1y"], key=natural) == ["x1y", "x2", "x10"]


@pytest.mark.parametrize(
    "names",
    [
        ["LIMIT", "Thing", "f"],
        ["a", "B", "c"],
        ["a", "b"],
        ["x2", "x10"],
        ["B", "C", "a"],
        [],
        ["one"],
    ],
)
def test_orders_of_names_that_tools_make_are_recognised(names):
    key = sort_key_of(names, NAME_KEYS)
    assert key is not None
    assert sorted(names, key=key) == names


def test_no_order_is_recognised_as_none():
    assert sort_key_of(["z", "a", "m", "B"], NAME_KEYS) is None
