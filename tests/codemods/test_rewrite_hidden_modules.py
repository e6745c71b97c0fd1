"""A package may have a function of the name of its module: ``import`` still finds the module, and
what is written with dots finds the function."""

import pytest

LIB = {
    "lib/__init__.py": "from lib.run import run\n",
    "lib/run.py": 'def run(): return "r"\ndef other(): return "o"\n',
    "lib/old.py": '"""Deprecated: moved to lib.run."""\nfrom lib.run import run, other\n',
}

HIDDEN = {
    "a module of a package": "import lib.old\n\ndef probe(): return lib.old.other()\n",
    "under a name": "import lib.old as o\n\ndef probe(): return o.other()\n",
    "from a package": "from lib import old\n\ndef probe(): return old.other()\n",
    "in an annotation": (
        'import lib.old\n\ndef f(x: "lib.old.other"): pass\n'
        "def probe():\n    import typing\n    return typing.get_type_hints(f)\n"
    ),
}


@pytest.mark.parametrize("user", HIDDEN.values(), ids=HIDDEN)
def test_a_home_that_its_package_hides_is_not_written_with_dots(apply, user):
    applied = apply({**LIB, "user.py": user})
    assert applied.changed == {}
    assert "lib.run is a function of lib, which hides the module" in "".join(applied.skipped)


def test_a_patch_of_a_hidden_home_stays_with_its_user(apply):
    user = "def use():\n    from lib.old import other\n    return other()\n"
    test = (
        "import pytest\nimport user\n\ndef test_use():\n"
        "    with pytest.MonkeyPatch.context() as patches:\n"
        "        patches.setattr('lib.old.other', lambda: 'x')\n"
        "        assert user.use() == 'x'\n"
    )
    assert apply({**LIB, "user.py": user, "test_user.py": test}, tests=True).changed == {}


def test_a_name_is_still_imported_from_a_hidden_home(apply):
    user = "from lib.old import other, run\n\ndef probe(): return other(), run()\n"
    applied = apply({**LIB, "user.py": user})
    assert applied.changed == {"user.py": user.replace("lib.old", "lib.run")}


def test_a_package_that_shows_the_module_itself_hides_nothing(apply):
    tree = {**LIB, "lib/__init__.py": "from lib import run\nfrom lib.run import other\n"}
    applied = apply({**tree, "user.py": HIDDEN["a module of a package"]})
    assert applied["user.py"] == "import lib.run\n\ndef probe(): return lib.run.other()\n"
