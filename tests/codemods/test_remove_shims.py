"""A shim goes when it is asked for and nothing in the repository refers to it any more."""

import pytest

BOTH = ("rewrite-imports", "remove-shims")
HOME = "def a(): return 'a'\ndef b(): return 'b'\n"
TREE = {
    "pkg/__init__.py": "",
    "pkg/home.py": HOME,
    "pkg/old.py": "from pkg.home import a, b\n",
    "app.py": "from pkg.old import a\n\ndef probe(): return a()\n",
}


def test_it_is_never_a_side_effect(apply):
    assert apply(TREE).removed == []


def test_a_shim_without_users_goes(apply):
    applied = apply(TREE, *BOTH)
    assert applied.removed == ["pkg/old.py"]
    assert applied["app.py"] == "from pkg.home import a\n\ndef probe(): return a()\n"


def test_a_shim_with_users_stays_when_only_removal_is_asked_for(apply):
    applied = apply(TREE, "remove-shims")
    assert applied.changed == {}
    assert "pkg/old.py:1: kept: app.py:1 imports from it" in applied.skipped


def test_a_chain_of_shims_goes_at_once(apply):
    applied = apply(
        {
            **TREE,
            "pkg/older.py": "from pkg.old import a\n",
            "app.py": "from pkg.older import a\n\ndef probe(): return a()\n",
        },
        *BOTH,
    )
    assert applied.removed == ["pkg/old.py", "pkg/older.py"]


def test_its_stub_goes_with_it(apply):
    applied = apply({**TREE, "pkg/old.pyi": "from pkg.home import a as a\n"}, *BOTH)
    assert applied.removed == ["pkg/old.py", "pkg/old.pyi"]


KEEPERS = {
    "a text file": ("README.md", "Use `pkg.old.a`.\n", "README.md:1"),
    "a settings file": (
        "pyproject.toml",
        "[project.scripts]\nx = 'pkg.old:a'\n",
        "pyproject.toml:2",
    ),
    "setup.cfg": ("setup.cfg", "[options.entry_points]\nx = pkg.old:a\n", "setup.cfg:2"),
    "YAML": ("conf/a.yaml", "_target_: pkg.old.a\n", "conf/a.yaml:1"),
    "JSON": ("conf/a.json", '{"module": "pkg.old"}\n', "conf/a.json:1"),
    "a shell script": ("run.sh", "python -m pkg.old\n", "run.sh:1"),
    "CI": (".ci.yml", "steps:\n- run: python -m pkg.old\n", ".ci.yml:2"),
    "a Dockerfile": ("Dockerfile", "FROM x\nCMD python pkg/old.py\n", "Dockerfile:2"),
    "a document": (
        "docs/a.rst",
        ".. code-block:: python\n\n   from pkg.old import a\n",
        "docs/a.rst:3",
    ),
    "a string": ("more.py", "X = 'pkg.old.a'\n", "more.py:1"),
    "code in a string": (
        "more.py",
        "X = 'import os\\nfrom pkg import home, old\\n'\n",
        "more.py:1",
    ),
    "code in a string of several lines": (
        "more.py",
        "X = '''\nfrom pkg import (\n    home,\n    old as o,\n)\n'''\n",
        "more.py:1",
    ),
    "a use that cannot move": ("more.py", "import pkg.old as o\nx = [o]\n", "more.py:1"),
    "a stub of another module": ("more.pyi", "import pkg.old as o\nx: o\n", "more.pyi:1"),
    "a list in a package": ("pkg/__init__.py", "__all__ = ['old']\n", "pkg/__init__.py:1"),
    "a test of its warning": (
        "test_old.py",
        "import pytest\ndef test_it_warns():\n    with pytest.warns(DeprecationWarning):\n        import pkg.old\n",
        "test_old.py:4",
    ),
}


@pytest.mark.parametrize("path, source, place", KEEPERS.values(), ids=KEEPERS)
def test_what_refers_to_it_keeps_it_and_is_told(apply, path, source, place):
    applied = apply({**TREE, path: source}, *BOTH, same=False)
    assert applied.removed == []
    kept = [line for line in applied.skipped if line.startswith("pkg/old.py:1: kept: ")]
    assert any(line.startswith(f"pkg/old.py:1: kept: {place}") for line in kept), applied.skipped


def test_a_long_mention_is_cut_where_one_sees_it(apply):
    files = {
        "pkg/__init__.py": "",
        "pkg/home.py": "a = 1\n",
        "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import a\n',
        "notes.txt": "see pkg.old " + "and " * 30 + "more",
    }
    (kept,) = apply(files, "remove-shims").skipped
    told = kept.partition(" mentions it: ")[2]
    assert len(told) == 80 and told.endswith("and…")


@pytest.mark.parametrize(
    "count, last", [(5, "c4.txt:1 mentions it: pkg.old"), (6, "c5.txt:1 mentions it: pkg.old")]
)
def test_up_to_six_places_that_keep_it_are_told_each(apply, count, last):
    texts = {f"c{number}.txt": "pkg.old\n" for number in range(count)}
    kept = [said for said in apply({**TREE, **texts}, *BOTH).skipped if ": kept: " in said]
    assert len(kept) == count
    assert kept[-1] == f"pkg/old.py:1: kept: {last}"


def test_of_more_places_the_last_of_five_tells_how_many(apply):
    texts = {f"c{number}.txt": "pkg.old\n" for number in range(8)}
    kept = [said for said in apply({**TREE, **texts}, *BOTH).skipped if ": kept: " in said]
    assert len(kept) == 5
    assert kept[-1].endswith(" mentions it: pkg.old; 3 more places name it")


@pytest.mark.parametrize(
    "path, source, kept",
    [
        ("conf/a.yaml", "_target_: größe.übrig.a\n", True),
        ("conf/a.yaml", "_target_: größe.neu.a\n", False),
        ("more.py", "X = 'größe.übrig.a'\n", True),
        ("more.py", "X = 'größe.neu.a'\n", False),
        ("more.py", "import größe.übrig as o\nx = [o]\n", True),
    ],
)
def test_a_name_beyond_ascii_is_found(apply, path, source, kept):
    tree = {
        "größe/__init__.py": "",
        "größe/neu.py": "def a(): ...\n",
        "größe/übrig.py": '"""Deprecated."""\nfrom größe.neu import a\n',
        path: source,
    }
    applied = apply(tree, *BOTH, same=False)
    assert ("größe/übrig.py" not in applied.removed) == kept


HARMLESS = {
    "a comment": ("more.py", "x = 1  # pkg.old\n"),
    "a longer name": ("README.md", "pkg.older, my.pkg.old, pkg.old_2 and pkg/older.py\n"),
    "code in a string that imports others": (
        "more.py",
        "X = 'from pkg import home, older; old = 1\\nfrom other import old\\n'\n",
    ),
    "its own docstring": (
        "pkg/old.py",
        '"""pkg.old is deprecated."""\nfrom pkg.home import a, b\n',
    ),
}


@pytest.mark.parametrize("path, source", HARMLESS.values(), ids=HARMLESS)
def test_what_does_not_refer_to_it_does_not_keep_it(apply, path, source):
    assert apply({**TREE, path: source}, *BOTH).removed == ["pkg/old.py"]


def test_the_last_module_of_a_package_takes_the_package_along(apply):
    applied = apply(
        {
            "new.py": HOME,
            "legacy/__init__.py": "",
            "legacy/deep/__init__.py": "",
            "legacy/deep/old.py": "from new import a, b\n",
            "app.py": "from legacy.deep.old import a\n\ndef probe(): return a()\n",
        },
        *BOTH,
    )
    assert applied.removed == [
        "legacy/__init__.py",
        "legacy/deep/__init__.py",
        "legacy/deep/old.py",
    ]


def test_a_package_that_holds_more_stays(apply):
    applied = apply(
        {
            "new.py": HOME,
            "legacy/__init__.py": "from new import a\n__all__ = ['a']\n",
            "legacy/real.py": "def r(): return 1\n",
            "app.py": "from legacy import a\nfrom legacy.real import r\n\ndef probe(): return a(), r()\n",
        },
        *BOTH,
    )
    assert applied.removed == []
    assert "legacy/__init__.py:1: kept: its package holds other modules" in applied.skipped


RUN = "from pkg.home import a, b\n\nif __name__ == '__main__':\n    print(a())\n"


def test_a_shim_that_runs_as_a_script_loses_its_users_and_stays(apply):
    applied = apply({**TREE, "pkg/old.py": f"# Deprecated.\n{RUN}"}, *BOTH)
    assert applied["app.py"] == "from pkg.home import a\n\ndef probe(): return a()\n"
    assert applied.removed == []
    assert "pkg/old.py:1: kept: it has a part that runs as a script" in applied.skipped


def test_a_script_that_is_not_deprecated_keeps_its_users(apply):
    assert apply({**TREE, "pkg/old.py": RUN}, *BOTH).changed == {}


def test_a_facade_is_never_removed(apply):
    applied = apply(
        {"pkg/__init__.py": "from pkg.impl import a\n__all__ = ['a']\n", "pkg/impl.py": HOME}, *BOTH
    )
    assert applied.changed == {}


def test_an_entry_of_sys_modules_without_users_is_told(apply):
    applied = apply(
        {
            "pkg/__init__.py": "import sys\nfrom pkg import new\nsys.modules['pkg.old'] = new\n",
            "pkg/new.py": HOME,
            "app.py": "from pkg.old import a\nx = a\n",
        },
        *BOTH,
        same=False,
    )
    assert applied.changed == {"app.py": "from pkg.new import a\nx = a\n"}
    assert "pkg/__init__.py:3: the entry pkg.old of sys.modules has no user" in applied.skipped


def test_a_module_of_imports_that_nobody_named_before_may_be_run_by_name(apply):
    handler = "from pkg.home import a\n"
    assert apply({**TREE, "handler.py": handler}, *BOTH).removed == ["pkg/old.py"]


@pytest.mark.parametrize(
    "path, where", [("data/box.pkl", "data/box.pkl:1"), ("load.py", "load.py:1")]
)
def test_a_shim_that_a_pickle_names_stays(apply, path, where):
    data = b"cpkg.old\na\n."
    tree = {**TREE, path: data if path.endswith(".pkl") else f"BOX = {data!r}\n"}
    applied = apply(tree, *BOTH)
    assert applied.removed == []
    assert f"pkg/old.py:1: kept: {where} names it in a pickle" in applied.skipped


TOOLS = {
    f"{team}/tools/{path}": source
    for team in ("a", "b")
    for path, source in {
        "common.py": "def tool(): return 1\n",
        "old.py": "# Deprecated, moved to common\nfrom common import tool\n",
        "run.py": "import old\nfrom old import tool\nx = tool() + old.tool()\n",
    }.items()
}


def test_shims_of_one_name_beside_scripts_go_when_their_scripts_have_moved(apply):
    applied = apply(TOOLS, "rewrite-imports", "remove-shims", same=False)
    assert applied.removed == ["a/tools/old.py", "b/tools/old.py"]
    moved = TOOLS["a/tools/run.py"].replace("old", "common")
    assert applied["a/tools/run.py"] == applied["b/tools/run.py"] == moved


def test_shims_of_one_name_beside_scripts_stay_when_a_script_stays(apply):
    stuck = "import old\nx = [old][0].tool()\n"
    tree = {**TOOLS, "b/tools/run.py": stuck}
    applied = apply(tree, "rewrite-imports", "remove-shims", same=False)
    assert applied.removed == ["a/tools/old.py"]
    assert applied["b/tools/run.py"] == stuck


def test_a_text_keeps_all_shims_of_the_name(apply):
    applied = apply(
        {**TOOLS, "Makefile": "run:\n\tcd $(TEAM)/tools && python -m old\n"}, "remove-shims"
    )
    assert applied.removed == []
    assert (
        applied.skipped.count(
            "a/tools/old.py:1: kept: Makefile:2 mentions it: cd $(TEAM)/tools && python -m old"
        )
        == 1
    )
    assert (
        applied.skipped.count(
            "b/tools/old.py:1: kept: Makefile:2 mentions it: cd $(TEAM)/tools && python -m old"
        )
        == 1
    )


PLUGIN = {
    "plugs/new.py": "def answer(): return 42\n",
    "plugs/old_plug.py": '"""Deprecated."""\nfrom new import answer\n',
    "more/new.py": "",
    "more/old_plug.py": "",
}
USERS = {
    "an import": ("import sys\nsys.path.append('plugs')\nimport old_plug\n", "3 may import it"),
    "a name": (
        "import sys\nsys.path.append('plugs')\nfrom old_plug import answer\n",
        "3 imports from it",
    ),
    "a plugin": ("pytest_plugins = ['old_plug']\n", "1 names it as a plugin"),
}


@pytest.mark.parametrize(("source", "reason"), USERS.values(), ids=USERS)
def test_a_shim_stays_that_a_run_may_find_on_its_path(apply, source, reason):
    applied = apply({**PLUGIN, "conftest.py": source}, "remove-shims", same=False)
    assert applied.changed == {}
    assert applied.skipped == [f"plugs/old_plug.py:1: kept: conftest.py:{reason}"]


@pytest.mark.parametrize("source", ["old_plug = 1\n", "import old_plugs\n", "x = ['old_plug']\n"])
def test_other_uses_of_the_word_keep_no_shim(apply, source):
    applied = apply({**PLUGIN, "conftest.py": source}, "remove-shims", same=False)
    assert applied.removed == ["plugs/old_plug.py"]


PORTIONS = {
    "libs/a/acme/x/__init__.py": "",
    "libs/a/acme/x/home.py": HOME,
    "libs/a/acme/x/old.py": '"""Deprecated."""\nfrom acme.x.home import a\n',
    "libs/b/acme/y/__init__.py": "",
    "libs/b/acme/y/use.py": "x = 1\n",
    "libs/b/acme/y/main.py": "from acme.y.use import x\ny = x\n",
}


@pytest.mark.parametrize(
    "path, source",
    [
        ("libs/b/acme/y/use.py", "from acme.x.old import a\nx = a()\n"),
        ("libs/b/acme/y/use.py", "from acme.x import old\nx = old.a()\n"),
        ("tests/test_x.py", "import acme.x.old as o\ndef test_x(): assert o.a()\n"),
    ],
)
def test_a_part_of_a_package_whose_own_imports_show_its_root_is_known_to_the_others(
    apply, path, source
):
    applied = apply({**PORTIONS, path: source}, *BOTH, same=False)
    assert applied.removed == ["libs/a/acme/x/old.py"]
    assert "acme.x.home" in applied.changed[path] or "acme.x import home" in applied.changed[path]


@pytest.mark.parametrize(
    "path, source",
    [
        ("Makefile", "run:\n\tPYTHONPATH=libs/a python -m acme.x.old\n"),
        ("Makefile", "run:\n\tpython -m libs.a.acme.x.old\n"),
        ("libs/b/acme/y/use.py", "from acme.x.old import a\nimport acme.z.gone\nx = a()\n"),
    ],
)
def test_a_package_in_parts_is_imported_by_a_path_that_nothing_tells(apply, path, source):
    assert apply({**PORTIONS, path: source}, *BOTH, same=False).removed == []


@pytest.mark.parametrize(
    "path, source",
    [
        ("libs/b/acme/y/use.py", "from acme.x.home import a\nx = a()\n"),
        ("libs/b/acme/y/use.py", "from other.x import old\nx = old.a()\n"),
        ("Makefile", "run:\n\tpython -m other.old\n"),
    ],
)
def test_what_imports_something_else_lets_it_go(apply, path, source):
    applied = apply({**PORTIONS, path: source}, *BOTH, same=False)
    assert applied.removed == ["libs/a/acme/x/old.py"]


def test_shims_of_one_name_stay_where_an_import_may_mean_each_of_them(apply):
    app = {
        "app/__init__.py": "",
        "app/home.py": "def a(): return 'a'\n",
        "app/old.py": '"""Deprecated."""\nfrom app.home import a\n',
        "app/main.py": "from app.old import a\n",
    }
    tree = {**app, **{f"src/{path}": text for path, text in app.items()}}
    tree |= {"pyproject.toml": "", "tests/test_app.py": "from app.old import a\n"}
    assert apply(tree, *BOTH, same=False).removed == []
    del tree["tests/test_app.py"]
    assert apply(tree, *BOTH, same=False).removed == ["app/old.py", "src/app/old.py"]


def test_a_package_that_only_handed_on_a_removed_shim_of_the_same_name_goes_with_it(apply):
    applied = apply(
        {
            "lib/__init__.py": "",
            "lib/home.py": "def f(): return 'f'\n",
            "lib/compat/__init__.py": (
                "def __getattr__(name):\n    if name == 'f':\n        from .f import f\n"
                "        return f\n    raise AttributeError(name)\n"
            ),
            "lib/compat/f/__init__.py": '"""Deprecated, moved."""\nfrom ...home import f\n',
        },
        *BOTH,
    )
    assert applied.removed == ["lib/compat/__init__.py", "lib/compat/f/__init__.py"]
