"""The summary: the numbers, what one apply leaves, and what could not be read."""

from dataclasses import replace

from trackfix.report.page import summary
from trackfix.rewrite.codemod import Skipped


def test_the_cards_have_the_numbers(team, shown):
    assert shown(summary.body(team)).terms == {
        "Files": "11 11 Python files",
        "Re-export modules": "4 3 shims, 1 facade",
        "References": "4 to 3 shims, 1 of them dead",
        "Findings": "7 of 4 rules in 6 files",
        "Duplicates": "0 none",
        "Files to change": "2 by one apply, in 2 edits",
    }


def test_it_says_what_one_apply_does_and_what_it_leaves_and_why(team, shown):
    words = shown(summary.body(team)).section("here")
    assert "One apply: 2 edits by rewrite-imports." in words
    assert "It leaves 1 place alone, because it can't prove that a change keeps what" in words
    assert "app/main.py:2 lib.kept.f: lib/kept.py:5 has another home for it" in words
    assert "1 place in text and comments would still name a shim." in words
    assert "Re-export modules that are public or have code of their own stay" in words
    assert words.count("1 facade") == 2


def test_of_many_reasons_the_first_are_shown_and_the_rest_lead_on(team, shown):
    skipped = tuple(Skipped(f"m{number}.py", 1, "why") for number in range(7))
    page = shown(summary.body(replace(team, plan=replace(team.plan, skipped=skipped))))
    words = page.section("here")
    assert "m4.py:1 why" in words and "m5.py" not in words
    assert "2 more places" in words
    assert ("a", {"href": "#apply"}) in page.tags


def test_files_that_can_not_be_read_are_named(team, shown):
    words = shown(summary.body(team)).section("here")
    assert "1 file could not be read as Python and is left out broken.py:1" in words


def test_of_very_many_of_them_the_rest_is_counted(team, shown, monkeypatch):
    monkeypatch.setattr(summary, "_MOST_PROBLEMS", 1)
    found = replace(team, problems=team.problems * 3)
    words = shown(summary.body(found)).section("here")
    assert "3 files could not be read as Python and are left out" in words
    assert words.count("broken.py") == 1
    assert "2 more files not shown here; trackfix scan lists all." in words


def test_where_there_is_nothing_every_number_is_0(nothing, shown):
    page = shown(summary.body(nothing))
    assert page.terms == {
        "Files": "0 no Python",
        "Re-export modules": "0 none",
        "References": "0 no shims",
        "Findings": "0 none",
        "Duplicates": "0 none",
        "Files to change": "0 none",
    }
    assert page.section("here").endswith("One apply would change nothing.")
