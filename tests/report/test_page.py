"""The whole page."""

from dataclasses import replace

import pytest

from trackfix.report.page.page import render

SECTIONS = ["summary", "reexports", "findings", "imports", "duplicates", "apply"]


@pytest.mark.parametrize("which", ["team", "nothing"])
def test_the_sections_are_in_the_order_of_a_meeting(which, request, html_page):
    page = html_page(render(request.getfixturevalue(which)))
    assert list(page.sections) == SECTIONS
    links = [found["href"] for tag, found in page.tags if tag == "a"]
    assert links[:6] == [f"#{key}" for key in SECTIONS]
    assert page.texts[page.texts.index("trackfix report: team")] in page.words


def test_it_is_the_same_each_time(team):
    assert render(team) == render(team)


def test_there_is_a_look_for_light_dark_narrow_and_paper(team):
    source = render(team)
    for query in ("screen and (prefers-color-scheme: dark)", "(max-width: 50rem)", "print"):
        assert f"@media {query} {{" in source


def test_the_copies_are_shown_below_headings_of_their_own(catalogue, team, html_page):
    page = html_page(render(replace(team, catalogue=catalogue)))
    copies = sum(len(group.copies) for group in catalogue.groups)
    headings = [tag for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
    assert headings.count("h4") == copies > 1
    assert "call instead" in page.section("duplicates")
