"""Comments, parentheses and the order of imports, as they come out of a rewrite."""

import subprocess
import sys

import pytest

CASES = {
    "a comment behind": ("from lib.old import f  # why", "from lib.home import f  # why"),
    "a comment behind, two homes": (
        "from lib.old import f, h  # why",
        "from lib.home import f  # why\nfrom lib.other import h",
    ),
    "a pragma behind, two homes": (
        "from lib.old import f, h  # noqa: F401",
        "from lib.home import f  # noqa: F401\nfrom lib.other import h  # noqa: F401",
    ),
    "leave for an unused name, two homes": (
        "from lib.old import f, h as unused  # noqa: F401\nf()",
        "from lib.home import f\nfrom lib.other import h as unused  # noqa: F401\nf()",
    ),
    "needless leave, two homes": (
        "from lib.old import f, h  # noqa: F401\nf(), h()",
        "from lib.home import f  # noqa: F401\nfrom lib.other import h\nf(), h()",
    ),
    "another pragma beside it, two homes": (
        "from lib.old import f, h  # noqa: E402, F401\nf()",
        "from lib.home import f  # noqa: E402, F401\nfrom lib.other import h  # noqa: E402, F401\nf()",
    ),
    "leave for an unused name, one home": (
        "from lib.old import f, g  # noqa: F401\nf()",
        "from lib.home import f, g  # noqa: F401\nf()",
    ),
    "a pragma behind the bracket, two homes": (
        "from lib.old import (  # noqa: F401\n    f,  # one\n    h,\n)\nh()",
        "from lib.home import (  # noqa: F401\n    f,  # one\n)\nfrom lib.other import h\nh()",
    ),
    "a pragma behind the bracket of a statement that stays": (
        "from lib.home import (  # noqa: F401\n    f,\n)\nfrom lib.old import g",
        "from lib.home import (  # noqa: F401\n    f,\n    g,\n)",
    ),
    "comments above": (
        "# a\n# b\nfrom lib.old import f\n# c\n",
        "# a\n# b\nfrom lib.home import f\n# c\n",
    ),
    "parentheses on one line": ("from lib.old import (f, g)", "from lib.home import (f, g)"),
    "parentheses with comments": (
        "from lib.old import (  # open\n    f,  # one\n    # above g\n    g,  # two\n    # last\n)  # close",
        "from lib.home import (  # open\n    f,  # one\n    # above g\n    g,  # two\n    # last\n)  # close",
    ),
    "parentheses without a last comma": (
        "from lib.old import (\n    f,\n    g\n)",
        "from lib.home import (\n    f,\n    g\n)",
    ),
    "an odd layout": (
        "from   lib.old   import  (f  ,\n  g\n         )",
        "from   lib.home   import  (f  ,\n  g\n         )",
    ),
    "comments that follow their names": (
        "from lib.old import (\n    f,  # one\n    # of h\n    h,  # two\n)",
        "from lib.home import (\n    f,  # one\n)\nfrom lib.other import (\n    # of h\n    h,  # two\n)",
    ),
    "a comment between imports": (
        "import os\n# the library\nfrom lib.old import f\nimport re\n",
        "import os\n# the library\nfrom lib.home import f\nimport re\n",
    ),
    "tabs": (
        "def user():\n\tfrom lib.old import (\n\t\tf,\n\t\th,\n\t)\n\treturn f, h",
        "def user():\n\tfrom lib.home import f\n\tfrom lib.other import h\n\treturn f, h",
    ),
}


@pytest.mark.parametrize("before, after", CASES.values(), ids=CASES)
def test_comments_and_layout_stay(rewrite, before, after):
    assert rewrite(before + "\n") == after + "\n"


SORTED = {
    "from-imports among each other": (
        "from lib.home2 import z\nfrom lib.old import f\nfrom lib.zebra import y\n",
        "from lib.home import f\nfrom lib.home2 import z\nfrom lib.zebra import y\n",
    ),
    "several homes are put where they belong": (
        "from lib.home2 import z\nfrom lib.old import f, h\nfrom lib.zebra import y\n",
        "from lib.home import f\nfrom lib.home2 import z\nfrom lib.other import h\nfrom lib.zebra import y\n",
    ),
    "names are sorted in": (
        "from lib.home import LIMIT, g\nfrom lib.old import Thing, f\n",
        "from lib.home import LIMIT, Thing, f, g\n",
    ),
    "a straight import before from-imports": (
        "import lib.home2\nimport lib.old\nfrom lib.zebra import y\n\nlib.old.f(), lib.home2.z\n",
        "import lib.home\nimport lib.home2\nfrom lib.zebra import y\n\nlib.home.f(), lib.home2.z\n",
    ),
    "a section of its own": (
        "import os\n\nfrom lib.old import f\n\nx = f, os\n",
        "import os\n\nfrom lib.home import f\n\nx = f, os\n",
    ),
}
MORE = {"lib/home2.py": "z = 1\n", "lib/zebra.py": "y = 1\n"}


@pytest.mark.parametrize("before, after", SORTED.values(), ids=SORTED)
def test_sorted_imports_stay_sorted(rewrite, before, after):
    assert rewrite(before, files=MORE) == after


def test_unsorted_imports_keep_their_places(rewrite):
    assert rewrite("from lib.zebra import y\nfrom lib.old import f\nimport os\n", files=MORE) == (
        "from lib.zebra import y\nfrom lib.home import f\nimport os\n"
    )


def test_a_home_outside_the_repository_goes_to_its_section(rewrite):
    assert (
        rewrite(
            "import os\n\nfrom lib.compat import dumps\nfrom lib.home2 import z\n\nx = os, dumps, z\n",
            files={
                **MORE,
                "lib/compat.py": '"""Deprecated."""\nfrom json import dumps\n__all__ = ["dumps"]\n',
            },
        )
        == "import os\nfrom json import dumps\n\nfrom lib.home2 import z\n\nx = os, dumps, z\n"
    )


def is_clean(root, path):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "I", "--no-cache", path],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


CLEAN = '''
"""A module with imports in every section."""

from __future__ import annotations

import json
import os.path
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import flat_old
import lib.old as helper
from flat_old import run, stop
from lib import home2
from lib.home import LIMIT
from lib.old import Thing, f, g, h
from lib.zebra import y

if TYPE_CHECKING:
    from lib.old import Thing as Other
    from lib.zebra import y as why


def use(value: Other | None = None) -> Any:
    """Uses inner imports."""
    from lib.old import LIMIT as limit
    from lib.old import f as inner

    return [json, os, sys, Iterable, run, stop, home2, LIMIT, Thing, f, g, h, y, limit, inner,
            flat_old.run, helper.f]
'''.lstrip()


def test_imports_that_ruff_calls_sorted_are_sorted_afterwards(apply, library):
    applied = apply({**library, **MORE, "app.py": CLEAN})
    assert "old" not in applied["app.py"]
    for root in (applied.root.with_name("before"), applied.root):
        assert is_clean(root, "app.py") == (True, "All checks passed!\n")


AS_NAMES = {
    "two of them": (
        "from lib.old import f as x\nfrom lib.old import g as y\n",
        "from lib.home import f as x\nfrom lib.home import g as y\n",
    ),
    "beside a plain one": (
        "from lib.old import h\nfrom lib.other import h as x\n",
        "from lib.other import h\nfrom lib.other import h as x\n",
    ),
    "before a plain one": (
        "from lib.home import f\nfrom lib.old import g as x\n",
        "from lib.home import f\nfrom lib.home import g as x\n",
    ),
}


@pytest.mark.parametrize("before, after", AS_NAMES.values(), ids=AS_NAMES)
def test_imports_under_other_names_are_not_joined(rewrite, before, after):
    assert rewrite(before) == after


@pytest.mark.parametrize("above", ["import sys\nimport os\n", "import os\nfrom attr import s\n"])
def test_what_comes_of_one_import_is_in_order_also_where_the_block_is_not(rewrite, above):
    shim = "'Deprecated.'\nfrom lib.home import g\nfrom lib.other import h as a\n"
    before = f"{above}from lib.both import a, g\nfrom zlib import crc32\n\na(), g(), crc32\n"
    after = "from lib.home import g\nfrom lib.other import h as a\n"
    assert rewrite(before, files={"lib/both.py": shim}) == before.replace(
        "from lib.both import a, g\n", after
    )


MODULES_UNDER_OLD_NAMES = {
    "pyproject.toml": "",
    "lib/__init__.py": "",
    "lib/home/__init__.py": "",
    "lib/home/runs.py": "def f(): pass\n",
    "lib/home/tags.py": "def g(): pass\n",
    "lib/old.py": '"""Deprecated."""\nfrom lib.home.runs import f\n',
    "lib/older.py": '"""Deprecated."""\nfrom lib.home.tags import g\n',
}
USES = "\n\nx = old.f(), older.g()\n"


def test_names_that_get_an_as_stand_apart_afterwards(apply):
    tree = {**MODULES_UNDER_OLD_NAMES, "app.py": f"from lib import old, older{USES}"}
    expected = f"from lib.home import runs as old\nfrom lib.home import tags as older{USES}"
    applied = apply(tree)
    assert applied["app.py"] == expected
    assert is_clean(applied.root, "app.py") == (True, "All checks passed!\n")


def test_names_that_get_an_as_stay_together_where_the_project_combines_them(apply):
    tree = {**MODULES_UNDER_OLD_NAMES, "app.py": f"from lib import old, older{USES}"}
    tree["pyproject.toml"] = "[tool.isort]\ncombine_as_imports = true\n"
    assert apply(tree)["app.py"] == f"from lib.home import runs as old, tags as older{USES}"


def test_the_line_length_of_the_project_is_kept(apply):
    tree = {
        "pyproject.toml": "[tool.ruff]\nline-length = 60\n",
        "lib/__init__.py": "",
        "lib/a_home_far_away.py": "def one_name(): pass\ndef another_name(): pass\n",
        "old.py": "from lib.a_home_far_away import one_name, another_name\n",
        "app.py": "from old import another_name, one_name\n\nx = one_name, another_name\n",
    }
    assert apply(tree)["app.py"] == (
        "from lib.a_home_far_away import another_name, one_name\n\nx = one_name, another_name\n"
    )
    tree["pyproject.toml"] = "[tool.ruff]\nline-length = 50\n"
    assert apply(tree)["app.py"] == (
        "from lib.a_home_far_away import (\n    another_name,\n    one_name,\n)\n\n"
        "x = one_name, another_name\n"
    )


TWICE = {
    "lib/__init__.py": "",
    "lib/home.py": "def a(): return 'a'\ndef b(): return 'b'\n",
    "lib/other.py": "def a(): return 'other'\n",
    "lib/old.py": '"""Deprecated."""\nfrom lib.home import a, b\n',
}
PROBE = "\n\ndef probe(): return a()\n"


@pytest.mark.parametrize(
    "head",
    [
        "from lib.other import a\nfrom lib.old import a",
        "from lib.home import b\nfrom lib.other import a\nfrom lib.old import a",
        "from lib.other import *\nfrom lib.old import a",
        "from lib.old import a\nfrom lib.other import a",
        "import lib.other as a\nfrom lib.old import a",
        "from lib.home import b as a\nfrom lib.old import a",
    ],
)
def test_the_last_of_two_imports_of_a_name_stays_the_last(apply, head):
    applied = apply({**TWICE, "app.py": head + PROBE.replace("a()", "str(a)[:9]")})
    assert applied.changed == {}
    assert any(line.endswith("imports a, too") for line in applied.skipped)


@pytest.mark.parametrize(
    "head",
    [
        "from lib.home import a\nfrom lib.old import a",
        "from lib.old import a\nfrom lib.old import a",
        "from lib.other import a as c\nfrom lib.old import a",
        "from lib.more import *\nfrom lib.old import a",
    ],
)
def test_another_import_of_the_same_or_of_another_name_is_in_nobodys_way(apply, head):
    tree = {**TWICE, "lib/more.py": "x = 1\n", "app.py": head + PROBE}
    assert "app.py" in apply(tree).changed
