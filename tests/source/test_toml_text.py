import pytest

from trackfix.source.toml_text import parse_toml, table_at


@pytest.mark.parametrize(
    "keys, found",
    [
        (("tool", "x"), {"y": 1}),
        (("tool", "x", "y"), {}),  # no table
        (("tool", "z", "y"), {}),
        (("tool",), {"x": {"y": 1}}),
    ],
)
def test_a_table_is_found_by_its_way_and_empty_where_there_is_none(keys, found):
    assert table_at(parse_toml("[tool.x]\ny = 1"), *keys) == found


def test_what_is_no_table_has_no_table_in_it():
    assert table_at("text", "tool") == table_at(None) == {}
