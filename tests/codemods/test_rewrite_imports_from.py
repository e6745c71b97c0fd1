"""``from shim import name``: where it stands, how it is written, what it is merged with."""

import pytest

CASES = {
    "one name": ("from lib.old import f", "from lib.home import f"),
    "a name under another": ("from lib.old import f as x", "from lib.home import f as x"),
    "a name under its own": ("from lib.old import f as f", "from lib.home import f as f"),
    "several names of one home": (
        "from lib.old import Thing, f, g",
        "from lib.home import Thing, f, g",
    ),
    "several homes": (
        "from lib.old import f, g, h",
        "from lib.home import f, g\nfrom lib.other import h",
    ),
    "several homes, some under other names": (
        "from lib.old import f as x, h as y, g",
        "from lib.home import f as x, g\nfrom lib.other import h as y",
    ),
    "a top-level module": ("from flat_old import run, stop", "from flat_home import run, stop"),
    "a name twice": ("from lib.old import f\nfrom lib.old import f", "from lib.home import f"),
    "the same name under two": ("from lib.old import f, f as x", "from lib.home import f, f as x"),
    "behind a semicolon": (
        "import os; from lib.old import f; import re",
        "import os; from lib.home import f; import re",
    ),
    "behind a semicolon, several homes": (
        "import os; from lib.old import f, h",
        "import os; from lib.home import f; from lib.other import h",
    ),
    "before a semicolon": ("from lib.old import f; x = f()", "from lib.home import f; x = f()"),
    "a backslash": ("from lib.old \\\n    import f", "from lib.home \\\n    import f"),
    "a backslash between names": (
        "from lib.old import f, \\\n    g",
        "from lib.home import f, \\\n    g",
    ),
    "in a function": (
        "def user():\n    from lib.old import f\n    return f()",
        "def user():\n    from lib.home import f\n    return f()",
    ),
    "in a function, several homes": (
        "def user():\n    from lib.old import f, h\n    return f(), h()",
        "def user():\n    from lib.home import f\n    from lib.other import h\n    return f(), h()",
    ),
    "in a method": (
        "class User:\n    def m(self):\n        from lib.old import f\n        return f()",
        "class User:\n    def m(self):\n        from lib.home import f\n        return f()",
    ),
    "in a class body": (
        "class User:\n    from lib.old import f",
        "class User:\n    from lib.home import f",
    ),
    "in a function on one line": (
        "def user(): from lib.old import f; return f()",
        "def user(): from lib.home import f; return f()",
    ),
    "under an if": (
        "if True:\n    from lib.old import f\nelse:\n    f = None",
        "if True:\n    from lib.home import f\nelse:\n    f = None",
    ),
    "under TYPE_CHECKING": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lib.old import Thing\nx: 'Thing'",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lib.home import Thing\nx: 'Thing'",
    ),
    "in a with of warnings": (
        "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    from lib.old import f",
        "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    from lib.home import f",
    ),
    "in a loop, match and with": (
        "for i in [1]:\n    match i:\n        case 1:\n            from lib.old import f",
        "for i in [1]:\n    match i:\n        case 1:\n            from lib.home import f",
    ),
    "in try with another way out": (
        "try:\n    from lib.old import f\nexcept ImportError:\n    f = None",
        "try:\n    from lib.home import f\nexcept ImportError:\n    f = None",
    ),
    "in finally and else": (
        "try:\n    pass\nexcept ValueError:\n    pass\nelse:\n    from lib.old import f\nfinally:\n    from lib.old import g",
        "try:\n    pass\nexcept ValueError:\n    pass\nelse:\n    from lib.home import f\nfinally:\n    from lib.home import g",
    ),
    "used in __all__": (
        "from lib.old import f\n__all__ = ['f']",
        "from lib.home import f\n__all__ = ['f']",
    ),
    "merged with an import of the home before it": (
        "from lib.home import f\nfrom lib.old import g",
        "from lib.home import f, g",
    ),
    "merged with an import of the home after it": (
        "from lib.old import g, h\nfrom lib.home import f",
        "from lib.other import h\nfrom lib.home import f, g",
    ),
    "already imported from home": (
        "from lib.home import f\nfrom lib.old import f, h",
        "from lib.home import f\nfrom lib.other import h",
    ),
    "behind a docstring and __future__": (
        '"""Doc."""\nfrom __future__ import annotations\n\nfrom lib.old import f\n\nprint(f)',
        '"""Doc."""\nfrom __future__ import annotations\n\nfrom lib.home import f\n\nprint(f)',
    ),
    "after code": (
        "import sys\nsys.path.append('.')\nfrom lib.old import f  # noqa: E402",
        "import sys\nsys.path.append('.')\nfrom lib.home import f  # noqa: E402",
    ),
    "no longer than the line allows": (
        "from flat_old import run as a_name_that_is_long_enough_to_fill_the_line, stop as another",
        "from flat_home import (\n    run as a_name_that_is_long_enough_to_fill_the_line,\n"
        "    stop as another,\n)",
    ),
}


@pytest.mark.parametrize("before, after", CASES.values(), ids=CASES)
def test_an_import_from_a_shim_names_the_home(rewrite, before, after):
    assert rewrite(before + "\n") == after + "\n"


ALONE = {
    "the home itself": "from lib.home import f",
    "a longer name": "from lib.old_utils import z",
    "the shim's name as a part": "from deployment.lib.old import z",
    "the shim's name as a member": "from deployment import old",
    "another top level": "from old import z",
}
ALONE_FILES = {
    "lib/old_utils.py": "z = 1\n",
    "deployment/__init__.py": "",
    "deployment/lib/__init__.py": "",
    "deployment/lib/old.py": "z = 1\n",
    "deployment/old.py": "z = 1\n",
    "old.py": "z = 1\n",
}


@pytest.mark.parametrize("source", ALONE.values(), ids=ALONE)
def test_other_imports_are_left_alone(left_alone, source):
    assert left_alone(source + "\nx = 1\n", files=ALONE_FILES) == []


def test_an_import_that_a_test_watches_is_left_alone(left_alone):
    source = """
        import warnings
        def test_it_warns():
            with warnings.catch_warnings(record=True) as caught:
                from lib.old import f
            return f, caught
        def test_it_also_warns(pytest):
            with pytest.warns(DeprecationWarning):
                from lib.old import g
            with pytest.raises(ImportError):
                from lib.old import nothing
            with warns_of_old_names():
                from lib.old import h
    """
    assert left_alone(source, path="test_app.py", same=False) == [
        "4: lib.old.f: a test watches what this import does",
        "8: lib.old.g: a test watches what this import does",
        "10: lib.old.nothing: a test watches what this import does",
        "12: lib.old.h: a test watches what this import does",
    ]


LOADED_BY_NAME = """
import importlib, sys, warnings

def test_load():
    sys.modules.pop("old", None)
    with {}:
        warnings.simplefilter("always")
        old = importlib.import_module("old")
    assert old.f() == 1
"""
LOADED = {
    "home.py": "def f(): return 1\n",
    "old.py": "import warnings\nfrom home import f\nwarnings.warn('moved', DeprecationWarning)\n",
}


def test_an_import_by_name_that_a_test_watches_is_left_alone(apply):
    watch = "warnings.catch_warnings(record=True)"
    test = LOADED_BY_NAME.format(f"{watch} as told") + "    assert len(told) == 1\n"
    assert apply({**LOADED, "test_app.py": test}, tests=True).changed == {}


def test_an_import_by_name_moves_in_any_other_block(apply):
    once = LOADED_BY_NAME.replace('    sys.modules.pop("old", None)\n', "")
    test = once.format("warnings.catch_warnings()")
    done = apply({**LOADED, "test_app.py": test}, tests=True)
    assert 'import_module("home")' in done["test_app.py"]


TRIED = """
def test_imports():
    from lib.old import f, Thing as T  # noqa: F401
    import flat_old
"""


def test_an_import_that_a_test_only_tries_out_is_left_alone(left_alone):
    why = "a test does this import to see that it works: it doesn't use the name"
    left = left_alone(TRIED, path="tests/test_app.py", same=False)
    assert left == [
        f"2: lib.old.Thing: {why}",
        f"2: lib.old.f: {why}",
        f"3: flat_old: {why}",
    ]


SAME = """
def test_it_is_the_same():
    from lib.old import f as g
    {other}
    assert g is {name}
"""


@pytest.mark.parametrize("other, name", [
    ("from lib.home import f", "f"),
    ("from lib import home", "home.f"),
    ("import lib.home", "lib.home.f"),
])  # fmt: skip
def test_a_name_that_a_test_compares_with_that_of_another_path_is_left_alone(
    left_alone, other, name
):
    source = SAME.format(other=other, name=name)
    left = left_alone(source, path="test_app.py", same=False)
    assert left == ["2: lib.old.f: a test asks whether it is the same object"]


@pytest.mark.parametrize("name", ["home.f", "made.here.f"])
def test_an_attribute_that_a_test_compares_moves_unless_both_sides_lead_to_one_home(
    rewrite, left_alone, name
):
    source = f"from lib import home, old\n\ndef test_it(made):\n    assert {name} is old.f\n"
    if name == "home.f":
        left = left_alone(source, path="test_app.py", same=False)
        assert left == ["4: lib.old: line 4: a test asks whether it is the same object"]
    else:
        assert "import home as old\n" in rewrite(source, path="test_app.py")


@pytest.mark.parametrize("use", ["x = find()\nassert x is f", "assert f() is f", "assert f == f"])
def test_a_name_that_a_test_compares_with_a_result_moves(rewrite, use):
    source = f"from lib.old import f\n{use}\n"
    assert rewrite(source, path="test_app.py") == source.replace("old", "home")


def test_an_import_that_nothing_uses_moves_outside_of_tests_and_at_the_top_of_one(rewrite):
    assert "old" not in rewrite(TRIED).replace("as flat_old", "")
    moved = rewrite("from lib.old import f  # noqa: F401\n", path="test_app.py")
    assert moved == "from lib.home import f  # noqa: F401\n"


def test_an_import_in_a_test_moves_with_its_use(rewrite):
    source = "def test_f():\n    from lib.old import f\n\n    assert f() is None\n"
    assert rewrite(source, path="test_app.py") == source.replace("old", "home")


def test_a_name_that_the_shim_does_not_have_stays_and_is_told(apply):
    from_both = "from lib.old import f, nothing\n"
    applied = apply(
        {
            "lib/__init__.py": "",
            "lib/home.py": "def f(): pass\n",
            "lib/old.py": "from lib.home import f\n",
            "app.py": from_both,
        },
        same=False,
    )
    assert applied.changed == {"app.py": "from lib.home import f\nfrom lib.old import nothing\n"}
    assert applied.skipped == ["app.py:1: lib.old.nothing: lib.old has no name nothing"]


FALLBACKS = {
    "the new path first": "try:\n    from lib.home import f\nexcept ImportError:\n    from lib.old import f\n",
    "the old path first": "try:\n    from lib.old import f\nexcept ImportError:\n    from lib.home import f\n",
    "ModuleNotFoundError": "try:\n    from lib.old import f\nexcept ModuleNotFoundError:\n    from lib.home import f\n",
    "two kinds": "try:\n    from lib.old import f\nexcept (ImportError, ModuleNotFoundError):\n    from lib.home import f\n",
    "a pragma": "try:\n    from lib.old import f\nexcept ImportError:  # pragma: no cover\n    from lib.home import f\n",
}


@pytest.mark.parametrize("source", FALLBACKS.values(), ids=FALLBACKS)
def test_a_fallback_from_one_path_to_the_other_becomes_one_import(rewrite, source):
    source += "\n\ndef probe(): return f()\n"
    assert rewrite(source) == "from lib.home import f\n\n\ndef probe(): return f()\n"


def test_a_fallback_with_a_comment_that_says_something_keeps_its_try(rewrite):
    before = "try:\n    from lib.home import f\nexcept ImportError:\n    # layout before 2.0\n    from lib.old import f\n"
    assert rewrite(before) == before.replace("lib.old", "lib.home")


def test_a_comment_on_when_the_fallback_is_needed_goes_with_it(rewrite):
    before = "try:\n    from lib.home import f\nexcept ImportError:  # lib < 2.0\n    from lib.old import f\n"
    probe = "\n\ndef probe(): return f()\n"
    assert rewrite(before + probe) == f"from lib.home import f\n{probe}"


@pytest.mark.parametrize(
    "first, last, after",
    [
        ("", "  # type: ignore", ""),
        ("  # noqa: F401", "", "  # noqa: F401"),
        ("  # noqa: F401", "  # type: ignore", "  # noqa: F401"),
        ("", "  # until 2.0", "  # until 2.0"),
    ],
)
def test_one_import_has_the_pragma_of_the_import_that_it_was(rewrite, first, last, after):
    before = f"try:\n    from lib.home import f{first}\nexcept ImportError:\n    from lib.old import f{last}\n"
    probe = "\n\ndef probe(): return f()\n"
    assert rewrite(before + probe) == f"from lib.home import f{after}\n{probe}"


def test_a_fallback_in_a_function_keeps_its_indent(rewrite, d):
    assert rewrite("""
        def user():
            try:
                from lib.old import f
            except ImportError:
                from lib.home import f
            return f()
        def probe(): return user()
    """) == d("""
        def user():
            from lib.home import f
            return f()
        def probe(): return user()
    """)


def test_a_file_with_nothing_to_change_is_not_in_the_plan(apply):
    tree = {
        "home.py": "def a(): pass\n",
        "old.py": "from home import a\n",
        "app.py": "import os\n",
        "empty.py": b"",
        "spaces.py": b"  \n\t\n",
    }
    applied = apply(tree)
    assert applied.plan.files == () and applied.plan.skipped == ()


@pytest.mark.parametrize(
    "before, after",
    [
        (
            "from lib.old import f\nfrom lib.old import h\nfrom lib.home import f\n",
            "from lib.other import h\nfrom lib.home import f\n",
        ),
        (
            "from lib.old import f as g\nimport os\nfrom lib.home import f as g\n",
            "import os\nfrom lib.home import f as g\n",
        ),
        (
            "from lib.home import f as g\nfrom lib.old import f as g\n",
            "from lib.home import f as g\n",
        ),
    ],
    ids=["one import for each name", "as", "as, above"],
)
def test_an_import_that_stands_there_already_is_not_written_again(rewrite, before, after):
    assert rewrite(before) == after


@pytest.mark.parametrize(
    "rest",
    [
        "f()\nfrom lib.home import f\nfrom lib.home import g\n",
        "from lib.home import g as f\n",
        "from lib.home import f as g\n",
        "from lib.home import f  # why\nfrom lib.home import g\n",
        "if f:\n    from lib.home import f\n",
    ],
    ids=["used before", "another as", "as", "a comment", "a condition"],
)
def test_an_import_is_written_where_the_other_is_not_the_same(rewrite, rest):
    assert rewrite(f"from lib.old import f\n{rest}") == f"from lib.home import f\n{rest}"


@pytest.mark.parametrize(
    "head",
    [
        "from lib.home import f\nkeep = f\ndel f\n",
        "from lib.home import f\nf = [f]\n",
        "from lib.home import g\nf = None\n",
        "from lib.home import g\n\n\ndef f():\n    pass\n\n\n",
        "from lib.home import g\n\nif g:\n    f = g\nelse:\n    from os import path as f\n",
        "from lib.home import g\n\ntry:\n    g()\nexcept ValueError as f:\n    pass\n",
    ],
)
def test_an_import_joins_none_above_what_binds_its_name_anew(rewrite, head):
    assert rewrite(f"{head}from lib.old import f\n") == f"{head}from lib.home import f\n"


def test_an_import_joins_one_above_what_only_reads_its_name(rewrite):
    head = "from lib.home import g\n\nx = g.f, {'f': 1}\n"
    after = head.replace("import g", "import f, g")
    assert rewrite(f"{head}from lib.old import f\n\nf()\n") == f"{after}\nf()\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from lib.old import f\nfrom lib.old import g\n",
            "from lib.home import f\nfrom lib.home import g\n",
        ),
        (
            "from os import path\nfrom os import sep\n\nfrom lib.old import f\nfrom lib.old import g as k\n",
            "from os import path\nfrom os import sep\n\nfrom lib.home import f\nfrom lib.home import g as k\n",
        ),
        (
            "from lib.old import f\nfrom lib.home import g\nfrom os import path, sep\n",
            "from lib.home import f, g\nfrom os import path, sep\n",
        ),
        (
            "from lib.old import f\nfrom os import path, sep\n",
            "from lib.home import f\nfrom os import path, sep\n",
        ),
    ],
    ids=["all move", "below others", "several names elsewhere", "one name"],
)
def test_a_file_that_has_an_import_for_each_name_keeps_that_form(rewrite, before, after):
    assert rewrite(before) == after


def test_imports_that_are_sorted_regardless_of_type_stay_sorted(apply):
    tree = {
        "lib/__init__.py": "",
        "lib/mid.py": "def m(): ...\n",
        "lib/old.py": "# Deprecated.\nfrom .alpha import _private, f, Kind\nfrom .zoo import z\n",
        "lib/alpha.py": "def _private(): ...\ndef f(): ...\nclass Kind: ...\n",
        "lib/zoo.py": "def z(): ...\n",
        "app.py": "from lib.mid import m\n"
        "from lib.old import _private\nfrom lib.old import f\nfrom lib.old import Kind\nfrom lib.old import z\n"
        "\nprint(m, _private, f, Kind, z)\n",
    }
    assert apply(tree)["app.py"].startswith(
        "from lib.alpha import _private\nfrom lib.alpha import f\nfrom lib.alpha import Kind\n"
        "from lib.mid import m\nfrom lib.zoo import z\n"
    )
