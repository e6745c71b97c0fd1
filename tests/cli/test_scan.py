import json


def test_the_inventory_names_modules_homes_and_references(tree, trackfix):
    done = trackfix("scan", tree)
    assert done.exit_code == 0
    assert "lib/old.py  lib.old  [shim, deprecated]" in done.output
    assert "f  <- lib.home:f  1 uses" in done.output
    assert "g  <- lib.home:g  no uses" in done.output
    assert "Found 1 shim, 1 facade." in done.output


def test_dead_shims_come_first(tree, trackfix):
    (tree / "lib/zold.py").write_text('"""Deprecated."""\nfrom lib.home import g\n')
    modules = [
        m["module"]
        for m in json.loads(trackfix("scan", "--format", "json", tree).stdout)["modules"]
    ]
    assert modules == ["lib.zold", "lib.old", "lib.facade"]


def test_references_are_listed_for_one_module(tree, trackfix):
    done = trackfix("scan", "--references", "lib.old", tree)
    assert done.output.splitlines() == [
        "README.md:1:5  text",
        "app.py:1:1  import-from f",
        "2 references to lib.old.",
    ]


def test_each_name_that_a_doctest_imports_is_one_reference(tree, trackfix):
    example = ">>> from lib.old import f, g\n>>> import lib.old\n"
    (tree / "docs.py").write_text(f'"""Shows it.\n\n{example}\nOnce more, lib.old in words.\n"""\n')
    done = trackfix("scan", "--references", "lib.old", tree)
    assert [line for line in done.output.splitlines() if line.startswith("docs.py")] == [
        "docs.py:3:5  docstring f",
        "docs.py:3:5  docstring g",
        "docs.py:4:12  docstring",
        "docs.py:6:12  comment",
    ]
    assert "g  <- lib.home:g  1 uses" in trackfix("scan", tree).output


def test_a_shim_that_a_pickle_names_is_not_dead(tree, trackfix):
    (tree / "lib/zold.py").write_text('"""Deprecated."""\nfrom lib.home import g\n')
    (tree / "model.pkl").write_bytes(b"clib.zold\ng\n.")
    done = trackfix("scan", "--references", "lib.zold", tree)
    assert done.output.splitlines() == ["model.pkl:1:1  pickle", "1 reference to lib.zold."]
    assert "lib.zold  [shim, deprecated]\n" in trackfix("scan", tree).output


def test_a_shim_that_a_run_may_find_on_its_path_is_not_dead(tree, trackfix):
    (tree / "plugs").mkdir()
    (tree / "plugs/new.py").write_text("def f(): pass\n")
    (tree / "plugs/old_plug.py").write_text('"""Deprecated."""\nfrom new import f\n')
    (tree / "conftest.py").write_text('pytest_plugins = ["old_plug"]\n')
    done = trackfix("scan", "--references", "plugs.old_plug", tree)
    assert done.output.splitlines()[0] == "conftest.py:1:1  string"


def test_an_entry_below_a_package_of_others_is_there_for_them(tree, trackfix):
    names = ("torchmetrics.functional.mean", "lib.functional.mean")
    entries = "".join(f"sys.modules['{name}'] = lib.home\n" for name in names)
    (tree / "lib/entries.py").write_text(f"import sys\n\nimport lib.home\n\n{entries}")
    output = trackfix("scan", tree).output
    assert "torchmetrics.functional.mean  [shim]\n" in output
    assert "lib.functional.mean  [shim, dead]\n" in output


def test_a_word_that_may_be_part_of_a_name_does_not_count_but_keeps_a_shim(tree, trackfix):
    (tree / "lib/zold.py").write_text('"""Deprecated."""\nfrom lib.home import g\n')
    load = "from importlib import import_module\n\ndef load(name): return import_module(name)\n"
    (tree / "plugs.py").write_text(f"{load}\nKEYS = ['zold']\n")
    done = trackfix("scan", "--references", "lib.zold", tree)
    assert done.output.splitlines() == ["plugs.py:5:9  word", "1 reference to lib.zold."]
    output = trackfix("scan", tree).output
    assert "lib.zold  [shim, deprecated]\n" in output
    assert "its name comes from lib.home\n  references: none\n" in output


def test_references_to_what_is_no_reexport_module_are_an_error(tree, trackfix):
    done = trackfix("scan", "--references", "lib.home", tree)
    assert done.exit_code == 2
    assert "lib.home is no re-export module" in done.stderr


def test_markdown_has_a_table_of_modules_and_one_of_names(tree, trackfix):
    lines = trackfix("scan", "--format", "markdown", tree).output.splitlines()
    assert "| `lib.old` | shim | yes | 1 | 0 | 0 | 0 | 1 |" in lines
    assert "| `f` | `lib.home:f` | certain | 1 |" in lines


def test_a_repository_without_shims_says_so(tmp_path, trackfix):
    assert trackfix("scan", tmp_path).output == "No re-export modules found.\n"


def test_a_path_that_is_not_there_is_a_usage_error(tmp_path, trackfix):
    assert trackfix("scan", tmp_path / "nowhere").exit_code == 2
