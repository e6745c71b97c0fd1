"""The findings: a table by rule and folder, and each finding folded below."""

from dataclasses import replace

import pytest

from trackfix.lint.finding import Finding
from trackfix.lint.outcome import Outcome
from trackfix.lint.report_data import LintError
from trackfix.report.page import findings

CAPTION = "Findings by rule and folder"


def made(path, line=1, code="TRK101", message="found"):
    return Finding(code, "shim-import", path, line, 1, line, 2, message)


def with_findings(overview, *found, **others):
    return replace(overview, outcome=Outcome(tuple(found), **others))


def test_rules_and_folders_make_a_table_that_adds_up(team, shown):
    page = shown(findings.body(team))
    assert page.tables[CAPTION] == [
        ["rule", "all", "./", "app/", "lib/", "tests/"],
        ["TRK000 syntax-error the file can't be read as Python", "1", "1", "0", "0", "0"],
        [
            "TRK101 shim-import a name is taken through a shim and not from the module that "
            "defines it",
            "3", "0", "2", "0", "1",
        ],
        [
            "TRK102 reexport-layer a module only hands on names that other modules define",
            "2", "0", "0", "2", "0",
        ],
        ["TRK103 dead-shim a shim that nothing refers to any more", "1", "0", "0", "1", "0"],
        ["all", "7", "1", "2", "3", "1"],
    ]  # fmt: skip


def test_each_finding_is_told_with_its_place_and_whether_it_is_mended(team, shown):
    words = shown(findings.body(team)).section("here")
    assert "TRK101 shim-import: 3 findings, 2 fixable with trackfix lint --fix" in words
    assert "app/main.py:1 [*] " in words
    assert "app/main.py:2 lib.kept" in words or "app/main.py:2 " in words
    assert "app/main.py:2 [*]" not in words


def test_rules_that_found_nothing_are_named(team, shown):
    words = shown(findings.body(team)).section("here")
    assert "rules found nothing: TRK001, TRK201" in words


def test_of_very_many_findings_the_rest_is_counted(team, shown, monkeypatch):
    monkeypatch.setattr(findings, "_MOST_FINDINGS", 2)
    found = with_findings(team, *(made("a.py", line) for line in range(1, 6)))
    words = shown(findings.body(found)).section("here")
    assert "a.py:2 found" in words and "a.py:3" not in words
    assert "3 more findings not shown here; trackfix lint --select TRK101 lists all." in words
    assert "shim-import: 5 findings" in words


def test_suppressed_findings_and_files_that_were_not_checked_are_counted(team, shown):
    errors = (LintError("gone.py", None, "does not exist; check the path"),)
    found = with_findings(team, suppressed=(made("a.py"),), errors=errors)
    words = shown(findings.body(found)).section("here")
    assert "1 more finding are suppressed" not in words
    assert "Comments suppress 1 more finding." in words
    assert "Could not check 1 file: gone.py does not exist; check the path" in words


def test_messages_are_shown_as_they_are(team, shown):
    found = with_findings(team, made("<i>.py", message="<script>\x1b\u202e"))
    assert "<i>.py:1 <script>\\x1b\\u202e" in shown(findings.body(found)).section("here")


def test_a_rule_that_is_not_known_any_more_has_no_summary(team, shown):
    found = with_findings(team, made("a.py", code="ABC123"))
    page = shown(findings.body(found))
    assert page.tables[CAPTION][1][:2] == ["ABC123 shim-import", "1"]


def test_where_nothing_was_found_it_says_so(nothing, shown):
    page = shown(findings.body(nothing))
    assert page.tables == {}
    assert page.section("here").startswith("Here No findings.")


@pytest.mark.parametrize(
    "paths, labels",
    [
        (["a.py", "b.py"], ["./", "./"]),
        (["x/a.py", "y/z/b.py"], ["x/", "y/"]),
        (["src/p/a.py", "src/q/b.py"], ["src/p/", "src/q/"]),
        (["src/p/a.py", "src/p/b.py"], ["src/p/", "src/p/"]),
        (["p/a.py", "p/q/b.py", "p/r/c.py"], ["p/", "p/q/", "p/r/"]),
        (["a.py", "p/q/b.py"], ["./", "p/"]),
        ([], []),
    ],
)
def test_findings_are_counted_under_the_first_folder_in_which_they_differ(paths, labels):
    assert findings.folders(paths) == dict(zip(paths, labels, strict=True))


def test_beyond_so_many_folders_those_with_fewest_findings_are_counted_together():
    paths = [f"f{number}/{n}.py" for number in range(10) for n in range(number + 1)]
    labels = findings.folders(paths)
    assert set(labels.values()) == {*(f"f{n}/" for n in range(3, 10)), "other folders"}
    assert labels["f2/0.py"] == "other folders"
