"""The inventory: a row for each module, with evidence, references and homes."""

from trackfix.report.page import inventory

CAPTION = "Modules with the number of references to each"


def test_each_module_has_a_row_with_its_class_and_references(team, shown):
    page = shown(inventory.body(team.entries))
    rows = [row[:7] for row in page.tables[CAPTION]]
    assert rows == [
        ["module", "class", "source", "tests", "notebooks", "strings", "text"],
        ["lib.dead lib/dead.py", "shim deprecated dead", "0", "0", "0", "0", "0"],
        ["lib.kept lib/kept.py", "shim deprecated", "1", "0", "0", "0", "0"],
        ["lib.old lib/old.py", "shim deprecated", "1", "1", "0", "0", "1"],
    ]
    rows = page.tables["Facades with the number of imports of each"]
    assert [row[:3] for row in rows[1:]] == [["lib.part lib/part/__init__.py", "facade", "1"]]


def test_evidence_and_names_are_folded_below_the_homes(team, shown):
    rows = shown(inventory.body(team.entries)).tables[CAPTION]
    assert rows[3][7] == (
        "lib.home line 1: docstring says 'Deprecated, moved to lib.home.' "
        "all 2 names come from lib.home f from lib.home:f, 1 use g from lib.home:g, 1 use"
    )
    assert "f from lib.home:f (guarded), 1 use" in rows[2][7]


def test_each_class_is_explained_once(team, shown):
    words = shown(inventory.body(team.entries)).section("here")
    assert "Found 3 shims, 1 facade. Of these a shim is kept only so that old imports" in words
    assert "a wrapper" not in words


def test_of_very_many_modules_and_names_the_rest_is_counted(team, shown, monkeypatch):
    monkeypatch.setattr(inventory, "_MOST_MODULES", 2)
    monkeypatch.setattr(inventory, "_MOST_NAMES", 0)
    page = shown(inventory.body(team.entries))
    assert len(page.tables[CAPTION]) == 3
    words = page.section("here")
    assert "1 more module not shown here; trackfix scan lists all." in words
    assert "1 more name not shown here; trackfix scan lists all." in words


def test_of_many_homes_the_first_are_shown(overview, shown):
    parts = {f"lib/part{n}.py": f"def f{n}(): ...\n" for n in range(6)}
    old = "".join(f"from lib.part{n} import f{n}\n" for n in range(6))
    files = parts | {"lib/__init__.py": "", "lib/old.py": f'"""Deprecated."""\n{old}'}
    rows = shown(inventory.body(overview(files).entries)).tables[CAPTION]
    assert rows[1][7].startswith("lib.part0, lib.part1, lib.part2, lib.part3 and 2 more")


def test_homes_outside_of_the_project_come_last(overview, shown):
    old = '"""Deprecated."""\nfrom abc import ABC\nfrom lib.home import f\n__all__ = ["ABC", "f"]\n'
    files = {"lib/__init__.py": "", "lib/home.py": "def f(): ...\n", "lib/old.py": old}
    rows = shown(inventory.body(overview(files).entries)).tables[CAPTION]
    assert rows[1][7].startswith("lib.home, abc")


def test_a_project_without_re_export_modules_says_so(nothing, shown):
    assert shown(inventory.body(nothing.entries)).section("here") == (
        "Here No re-export modules found."
    )
