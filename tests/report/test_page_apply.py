"""What one apply would do."""

from dataclasses import replace

from trackfix.report.page import apply
from trackfix.rewrite.codemod import Skipped


def test_edits_are_counted_by_codemod(team, shown):
    page = shown(apply.body(team))
    assert page.tables == {
        "Edits by codemod": [
            ["codemod", "files", "edits"],
            ["rewrite-imports", "2", "2"],
            ["all", "2", "2"],
        ]
    }
    assert "trackfix apply would change 2 files and remove none." in page.section("here")


def test_what_is_left_alone_and_still_mentioned_is_told(team, shown):
    words = shown(apply.body(team)).section("here")
    assert "Left alone: 1 place app/main.py:2 lib.kept.f: lib/kept.py:5 has another" in words
    assert "Still mentioned in text: 1 place README.md:1 See lib.old for more." in words


def test_the_changes_of_each_file_are_folded(team, shown):
    page = shown(apply.body(team))
    words = page.section("here")
    assert "app/main.py: 1 edit by rewrite-imports @@ -1,4 +1,4 @@" in words
    assert "-from lib.old import f+from lib.home import f" in words
    assert [tag for tag, _ in page.tags].count("details") == 2


def test_a_removed_file_is_told_with_what_is_lost(team, shown):
    file = replace(team.plan.files[0], after=None)
    change = team.changes[0]._replace(after=None)
    plan = replace(team.plan, files=(file, *team.plan.files[1:]))
    found = replace(team, plan=plan, changes=(change, *team.changes[1:]))
    words = shown(apply.body(found)).section("here")
    assert "would change 1 file and remove 1 file." in words
    assert "app/main.py: removed by rewrite-imports" in words
    assert "-from lib.old import f-from lib.kept import f as k" in words


def test_notes_of_a_change_are_told(team, shown):
    file = replace(team.plan.files[0], notes=((3, "an <error> is raised now"),))
    plan = replace(team.plan, files=(file, *team.plan.files[1:]))
    words = shown(apply.body(replace(team, plan=plan))).section("here")
    assert "line 3: an <error> is raised now" in words


def test_of_very_many_lines_the_rest_is_counted(team, shown, monkeypatch):
    monkeypatch.setattr(apply, "_MOST_LINES", 2)
    words = shown(apply.body(team)).section("here")
    assert words.count("@@ ") == 1
    assert "more lines not shown here; trackfix apply --diff lists all." in words
    assert "tests/test_main.py: 1 edit" in words


def test_of_very_many_files_and_places_the_rest_is_counted(team, shown, monkeypatch):
    monkeypatch.setattr(apply, "_MOST_FILES", 1)
    monkeypatch.setattr(apply, "_MOST_PLACES", 1)
    skipped = tuple(Skipped(f"m{number}.py", 1, "why") for number in range(3))
    found = replace(team, plan=replace(team.plan, skipped=skipped))
    words = shown(apply.body(found)).section("here")
    assert "1 more file not shown here; trackfix apply --diff lists all." in words
    assert "2 more places not shown here; trackfix apply --diff lists all." in words
    assert "Left alone: 3 places m0.py:1 why 2 more" in words


def test_where_there_is_nothing_to_do_it_says_so(nothing, shown):
    assert shown(apply.body(nothing)).section("here") == "Here Nothing to change."


def test_what_is_left_alone_is_told_even_if_nothing_changes(nothing, shown):
    plan = replace(nothing.plan, skipped=(Skipped("a.py", 2, "why"),))
    words = shown(apply.body(replace(nothing, plan=plan))).section("here")
    assert words == "Here Nothing to change. Left alone: 1 place a.py:2 why"
