"""Pages that trackfix wrote are no part of a project."""

from pathlib import Path

import pytest

from trackfix import PAGE_MARK
from trackfix.report.html.document import document
from trackfix.source.discovery import discover
from trackfix.source.own_pages import is_own_page

PAGE = document("report", "A title", "", [])


@pytest.mark.parametrize("name", ["a.html", "docs/a.htm"])
def test_a_page_of_ours_is_not_listed(tmp_path: Path, name: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / name).write_text(PAGE)
    assert discover(tmp_path).text == ()


@pytest.mark.parametrize(
    "text",
    ["", "<!doctype html>", PAGE.replace("trackfix", "other"), " " * 999 + PAGE],
    ids=["empty", "without a mark", "of others", "further down"],
)
def test_other_pages_are_listed(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.html").write_text(text)
    assert discover(tmp_path).text == ("a.html",)


def test_a_mark_in_another_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"x = '{PAGE_MARK}'")
    (tmp_path / "a.md").write_text(PAGE)
    listing = discover(tmp_path)
    assert (listing.python, listing.text) == (("a.py",), ("a.md",))


def test_a_page_is_known_by_its_kind(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE)
    assert is_own_page(page)
    assert is_own_page(page, "report")
    assert not is_own_page(page, "duplicates")


def test_what_can_not_be_read_is_no_page_of_ours(tmp_path: Path) -> None:
    assert not is_own_page(tmp_path)
    assert not is_own_page(tmp_path / "none.html")
