"""Tables, lists and folded parts."""

from trackfix.report.html.parts import at, folded, items, rest, table


def test_a_table_has_a_caption_and_heads_for_columns_and_rows(shown):
    page = shown(table("A <caption>", ("name", "how many"), [("<b>x</b>", "3")], (1,)))
    assert page.tables == {"A <caption>": [["name", "how many"], ["x", "3"]]}
    scopes = [found["scope"] for tag, found in page.tags if tag == "th"]
    assert scopes == ["col", "col", "row"]
    assert ("td", {"class": "number"}) in page.tags


def test_a_wide_table_can_be_scrolled_with_the_keyboard(shown):
    page = shown(table("Wide", ("a",), []))
    regions = [found for tag, found in page.tags if found.get("role") == "region"]
    assert regions == [{"class": "scroll", "role": "region", "aria-label": "Wide", "tabindex": "0"}]


def test_a_folded_part_has_a_summary(shown):
    page = shown(folded("more", items(["a", "b"])))
    assert page.section("here") == "Here more a b"
    assert [tag for tag, _ in page.tags if tag in ("details", "summary", "li")] == [
        "details", "summary", "li", "li"
    ]  # fmt: skip


def test_what_is_left_out_is_counted_with_the_command_that_shows_it(shown):
    assert shown(rest(2, "place", "trackfix scan")).section("here") == (
        "Here 2 more places not shown here; trackfix scan lists all."
    )
    assert list(rest(0, "place", "trackfix scan")) == []
    assert list(rest(-3, "place", "trackfix scan")) == []


def test_a_place_has_a_line_if_there_is_one():
    assert at("a&b.py", 3) == "<code>a&amp;b.py:3</code>"
    assert at("a.py", None) == "<code>a.py</code>"
