"""The section on imports before and after."""

from dataclasses import replace

from trackfix.project.shims.graph import Edge
from trackfix.report.page import imports


def test_both_pictures_are_told_in_words_and_as_a_table(team, shown):
    page = shown(imports.body(team))
    words = page.section("here")
    assert (
        "Before 3 imports through 2 shims, 0 straight to a home; "
        "1 shim that no import goes through." in words
    )
    assert (
        "After one apply 1 import through 1 shim, 2 straight to a home; "
        "2 shims that no import goes through." in words
    )
    assert page.tables["Arrows: before"] == [
        ["from", "to", "which is", "how many"],
        ["app.main", "lib.kept", "a shim", "1 import"],
        ["app.main", "lib.old", "a shim", "1 import"],
        ["tests.test_main", "lib.old", "a shim", "1 import"],
        ["lib.kept", "lib.home", "a home", "1 name"],
        ["lib.old", "lib.home", "a home", "2 names"],
    ]
    assert [row[:3] for row in page.tables["Arrows: after one apply"][1:]] == [
        ["app.main", "lib.home", "a home"],
        ["app.main", "lib.kept", "a shim"],
        ["tests.test_main", "lib.home", "a home"],
        ["lib.kept", "lib.home", "a home"],
    ]


def test_it_says_when_boxes_stand_for_several_modules(team, shown):
    assert "stand for several modules" not in shown(imports.body(team)).section("here")
    importers = tuple(f"app.m{n}" for n in range(30))
    edges = tuple(Edge(name, "lib.old", 1) for name in importers)
    before = replace(team.before, importers=importers, imports=edges, handed_on=())
    words = shown(imports.body(replace(team, before=before))).section("here")
    assert "So that it can be read, one box stands for several modules of a package" in words


def test_of_very_many_arrows_the_rest_is_counted(team, shown, monkeypatch):
    monkeypatch.setattr(imports, "_MOST_EDGES", 2)
    page = shown(imports.body(team))
    assert len(page.tables["Arrows: before"]) == 3
    assert "3 more arrows not shown here" in page.section("here")


def test_a_project_without_shims_has_no_picture(nothing, shown):
    page = shown(imports.body(nothing))
    assert page.section("here") == "Here There are no shims, so no import goes through one."
    assert "svg" not in {tag for tag, _ in page.tags}
