"""``from shim import *``, facades that hand on what the shim has, and packages with two roots."""

import pytest

from_star = "from lib.old import *\n\n"


@pytest.mark.parametrize(
    "uses, imports",
    [
        ("def probe(): return f(), LIMIT", "from lib.home import LIMIT, f"),
        ("def probe(): return f(), h()", "from lib.home import f\nfrom lib.other import h"),
        ("__all__ = ['f']", "from lib.home import f"),
        ("x: Thing\ny: 'Thing'", "from lib.home import Thing"),
        ("@f\nclass A(Thing): pass", "from lib.home import Thing, f"),
    ],
    ids=["one home", "two homes", "__all__", "annotations", "decorator and base"],
)
def test_a_star_import_becomes_an_import_of_what_is_used(rewrite, uses, imports):
    assert rewrite(f"{from_star}{uses}\n") == f"{imports}\n\n{uses}\n"


def test_the_imports_are_in_order_also_where_the_others_are_not(rewrite):
    shim = "'Deprecated.'\nfrom lib.home import g as z\nfrom lib.other import h\n"
    uses = "\ndef probe(): return h(), z(), sys.maxsize, os.sep\n"
    before = f"from lib.both import *\nimport sys\nimport os\n{uses}"
    assert rewrite(before, files={"lib/both.py": shim}) == (
        f"from lib.home import g as z\nfrom lib.other import h\nimport sys\nimport os\n{uses}"
    )


def test_a_star_stays_a_star_when_the_home_gives_the_same_names(rewrite):
    before = "from flat_old import *\n\ndef probe(): return run()\n"
    assert rewrite(before) == before.replace("flat_old", "flat_home")


def test_a_name_that_the_file_binds_itself_is_not_imported(rewrite):
    before = f"{from_star}def g(): return 'mine'\ndef probe(): return f(), g()\n"
    assert rewrite(before) == before.replace("old import *", "home import f")


def test_names_that_others_import_from_the_file_are_kept(apply, library):
    applied = apply(
        {
            **library,
            "app.py": f"{from_star}def own(): return f()\n",
            "user.py": "from app import h, own\n\ndef probe(): return h(), own()\n",
        }
    )
    assert applied["app.py"] == (
        "from lib.home import f\nfrom lib.other import h\n\ndef own(): return f()\n"
    )
    assert applied["user.py"] == "from app import h, own\n\ndef probe(): return h(), own()\n"


STAR_IN_SHIM = "from lib.old import *\n"
ALL_OF_IT = "from lib.home import LIMIT, Thing, f, g\nfrom lib.other import h\n"


def test_a_shim_goes_on_handing_on_all_names_of_a_star(rewrite):
    said = '"""Deprecated."""\n'
    assert rewrite(f"{said}{STAR_IN_SHIM}") == f"{said}{ALL_OF_IT}"


def test_a_shim_that_lists_its_names_goes_on_handing_on_those(rewrite):
    said, listed = '"""Deprecated."""\n', "\n__all__ = ['f']\n"
    rewritten = rewrite(f"{said}{STAR_IN_SHIM}{listed}")
    assert rewritten == f"{said}from lib.home import f\n{listed}"


def test_a_module_that_only_hands_on_goes_on_handing_on_all_names_of_a_star(apply, library):
    gathers = {**library, "lib/more.py": "more = 1\n", "user.py": "from app import h\n"}
    rest = "from lib.more import more\n"
    applied = apply({**gathers, "app.py": f"{STAR_IN_SHIM}{rest}"})
    assert applied["app.py"] == f"{ALL_OF_IT}{rest}"


SETTINGS = "from lib.old import *\n\nDEBUG = f()\n"


def test_a_module_that_a_string_names_goes_on_handing_on_all_names_of_a_star(apply, library):
    loads = "import os\n\nos.environ['SETTINGS_MODULE'] = 'conf.local'\n"
    applied = apply({**library, "conf/local.py": SETTINGS, "manage.py": loads})
    assert applied["conf/local.py"] == f"{ALL_OF_IT}\nDEBUG = f()\n"


def test_a_module_that_a_setting_names_goes_on_handing_on_all_names_of_a_star(apply, library):
    setting = "[pytest]\nDJANGO_SETTINGS_MODULE = conf.local\n"
    applied = apply({**library, "conf/local.py": SETTINGS, "pytest.ini": setting})
    assert applied["conf/local.py"] == f"{ALL_OF_IT}\nDEBUG = f()\n"


def test_a_module_that_no_string_names_takes_what_it_uses(apply, library):
    applied = apply({**library, "conf/local.py": SETTINGS, "manage.py": "NAME = 'conf.locals'\n"})
    assert applied["conf/local.py"] == "from lib.home import f\n\nDEBUG = f()\n"


NAMED = {
    "a longer name": {"setup.cfg": "[tool]\nsettings = conf.local_two\nmore = my.conf.local\n"},
    "prose": {"README.md": "See `conf.local`.\n"},
    "a command": {"Makefile": "run:\n\tpython -m conf.local\n"},
    "a name in it": {"pyproject.toml": "[project.scripts]\nrun = 'conf.local:probe'\n"},
}


@pytest.mark.parametrize("files", NAMED.values(), ids=NAMED)
def test_a_module_that_texts_name_for_something_else_takes_what_it_uses(apply, library, files):
    applied = apply({**library, "conf/local.py": SETTINGS, **files})
    assert applied["conf/local.py"] == "from lib.home import f\n\nDEBUG = f()\n"


@pytest.mark.parametrize("path", ["pyproject.toml", "setup.py"])
def test_what_a_command_is_to_call_stays_in_a_module(apply, library, path):
    command = "run = 'conf.local:h'\n"
    applied = apply({**library, "conf/local.py": SETTINGS, path: command})
    assert applied["conf/local.py"] == (
        "from lib.home import f\nfrom lib.other import h\n\nDEBUG = f()\n"
    )


UNSEEN = {
    "a name of anything": "def find(name): return globals()[name]\n",
    "its own attribute": "import sys\n\ndef find(name): return getattr(sys.modules[__name__], name)\n",
    "code": "def run(text): return eval(text)\n",
    "a table of all": "TABLE = sorted(n for n in vars() if n[0] != '_')\n",
}


@pytest.mark.parametrize("more", UNSEEN.values(), ids=UNSEEN)
def test_a_file_that_looks_itself_up_goes_on_having_all_names_of_a_star(apply, library, more):
    rest = f"\n{more}\ndef probe(): return f()\n"
    assert apply({**library, "app.py": f"{STAR_IN_SHIM}{rest}"})["app.py"] == f"{ALL_OF_IT}{rest}"


ASKING = {
    "getattr": "import app\n\ndef find(name): return getattr(app, name)\n",
    "getattr of another name": "import app as a\n\ndef find(name): return getattr(a, name)\n",
    "its table": "import app\n\ndef find(name): return app.__dict__[name]\n",
    "members": "import inspect\n\nimport app\n\nFOUND = [n for n, _ in inspect.getmembers(app) if n[0] != '_']\n",
}


@pytest.mark.parametrize("user", ASKING.values(), ids=ASKING)
def test_a_file_that_is_asked_for_any_name_goes_on_having_all_names_of_a_star(apply, library, user):
    rest = "\ndef probe(): return f()\n"
    applied = apply({**library, "app.py": f"{STAR_IN_SHIM}{rest}", "user.py": user})
    assert applied["app.py"] == f"{ALL_OF_IT}{rest}"


NOT_ASKING = {
    "a name that is told": "import app\n\ndef find(): return getattr(app, 'probe')\n",
    "a name in its table": "import app\n\ndef find(): return app.__dict__['probe']\n",
    "another module": "import app\nimport other\n\ndef find(name): return getattr(other, name), app\n",
    "its variables": "def find(): return locals(), vars(find)\n",
}


@pytest.mark.parametrize("user", NOT_ASKING.values(), ids=NOT_ASKING)
def test_a_file_of_which_nobody_asks_takes_what_it_uses(apply, library, user):
    rest = "\ndef probe(): return f()\n"
    files = {**library, "other.py": "", "app.py": f"{STAR_IN_SHIM}{rest}", "user.py": user}
    assert apply(files)["app.py"] == f"from lib.home import f\n{rest}"


def test_the_examples_of_a_file_use_what_a_star_brings(rewrite):
    uses = '\ndef probe():\n    """Say.\n\n    >>> h()\n    2\n    """\n    return f()\n'
    assert rewrite(f"{STAR_IN_SHIM}{uses}") == (
        f"from lib.home import f\nfrom lib.other import h\n{uses}"
    )


FOR_PYTEST = {
    "pytest.py": "def fixture(function=None, **_): return function or (lambda f: f)\n",
    "pkg/__init__.py": "",
    "pkg/home.py": (
        "import pytest\n\n@pytest.fixture\ndef store(): return 1\n\n"
        "@pytest.fixture(autouse=True)\ndef clean(): pass\n\ndef f(): return 1\n"
        "def unused(): pass\n\ndef testing_home(): pass\n\ndef setup_module(): pass\n"
        "class HomeTests: pass\n\ndef latest(): pass\n"
    ),
    "pkg/hooks.py": "def pytest_configure(config): pass\n\ndef g(): return 1\n",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import *\nfrom pkg.hooks import *\n',
}


@pytest.mark.parametrize(
    ("path", "homes"),
    [
        ("conftest.py", "HomeTests, clean, f, setup_module, store, testing_home"),
        ("tests/test_app.py", "HomeTests, clean, f, setup_module, store, testing_home"),
        ("plugin.py", "clean, f, store"),
    ],
    ids=["conftest", "test", "plug-in"],
)
def test_what_pytest_takes_from_a_file_that_stars_a_shim_stays_there(apply, path, homes):
    rest = "\n\ndef probe(store): return f()\n"
    applied = apply({**FOR_PYTEST, path: f"import pytest\nfrom pkg.old import *\n{rest}"})
    assert applied[path] == (
        f"import pytest\nfrom pkg.home import {homes}\nfrom pkg.hooks import pytest_configure\n{rest}"
    )


def test_a_file_that_pytest_does_not_read_takes_no_fixture(apply):
    applied = apply({**FOR_PYTEST, "app.py": "from pkg.old import *\n\ndef probe(): return f()\n"})
    assert applied["app.py"] == "from pkg.home import f\n\ndef probe(): return f()\n"


STUCK = {
    "two stars": "from lib.old import *\nfrom lib.extra import *\n\nf()\n",
    "names made at run time": "from lib.old import *\nglobals().update(x=1)\nf()\n",
    "nothing known is used": "from lib.old import *\n",
}


@pytest.mark.parametrize("source", STUCK.values(), ids=STUCK)
def test_a_star_import_that_cannot_be_proved_is_left_alone(left_alone, source):
    reasons = left_alone(source, files={"lib/extra.py": "extra = 1\n"})
    assert reasons and all("lib.old.*" in reason for reason in reasons)


def test_a_star_from_a_module_that_makes_its_names_at_run_time_is_left_alone(apply):
    applied = apply(
        {
            "home.py": "a = 1\n",
            "old.py": '"""Deprecated."""\nimport home\nglobals().update(vars(home))\n',
            "app.py": "from old import *\n\ndef probe(): return a\n",
        }
    )
    assert applied.changed == {}


def test_a_facade_imports_from_the_home_and_its_users_stay(apply, library):
    applied = apply(
        {
            **library,
            "api/__init__.py": "from api.parts import p\nfrom lib.old import f, h\n__all__ = ['f', 'h', 'p']\n",
            "api/parts.py": "def p(): return 1\n",
            "app.py": "from api import f, h, p\nimport api\n\ndef probe(): return f(), h(), p(), api.f()\n",
        }
    )
    assert applied.changed == {
        "api/__init__.py": (
            "from api.parts import p\nfrom lib.home import f\nfrom lib.other import h\n"
            "__all__ = ['f', 'h', 'p']\n"
        )
    }


def test_a_submodule_listed_in_a_package_is_told_and_left_alone(apply, library):
    applied = apply(
        {
            **library,
            "lib/__init__.py": "from . import old\n__all__ = ['old']\n",
            "app.py": "from lib import old\n\ndef probe(): return old.f()\n",
        }
    )
    assert "lib/__init__.py" not in applied.changed


ROOTS = {
    "src/infra/__init__.py": "",
    "src/infra/home.py": "def a(): return 'a'\n",
    "src/infra/old.py": "from infra.home import a\n",
    "src/__init__.py": "",
}


def test_each_import_keeps_the_root_it_was_written_under(apply):
    applied = apply(
        {
            **ROOTS,
            "src/infra/old.py": "from src.infra.home import a\n",
            "app.py": "from src.infra.old import a\nimport src.infra.old\n\ndef probe(): return a(), src.infra.old.a()\n",
        }
    )
    assert applied.changed == {
        "app.py": (
            "from src.infra.home import a\nimport src.infra.home\n\n"
            "def probe(): return a(), src.infra.home.a()\n"
        )
    }


def test_two_names_of_one_shim_are_both_found(apply):
    applied = apply(
        {
            "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['src', '.']\n",
            **{path: text for path, text in ROOTS.items() if path != "src/__init__.py"},
            "src/infra/old.py": "from infra.home import a\n",
            "one.py": "from infra.old import a\n\ndef probe(): return a()\n",
            "two.py": "from src.infra.old import a\n\ndef probe(): return a()\n",
        },
        roots=("src", ""),
    )
    assert applied["one.py"] == "from infra.home import a\n\ndef probe(): return a()\n"
    # src.infra.old.a is infra.home.a, not src.infra.home.a: the shim names the module so.
    assert applied["two.py"] == "from infra.home import a\n\ndef probe(): return a()\n"


WARNS = (
    "'Deprecated.'\nimport warnings\n\nfrom flat_home import *\n\n"
    "warnings.warn('gone', DeprecationWarning)\n"
)


@pytest.mark.parametrize("path", ["pkg/__init__.py", "app.py"])
def test_what_a_shim_imports_to_warn_keeps_no_star(apply, library, path):
    files = {
        **library,
        "warned.py": WARNS,
        path: "from warned import *\n\ndef probe(): return run()\n",
    }
    assert apply(files)[path] == "from flat_home import *\n\ndef probe(): return run()\n"


WARNED = {
    "used below": {"pkg/__init__.py": "from warned import *\n\nwarnings.warn('x')\n"},
    "listed": {"pkg/__init__.py": "from warned import *\n\n__all__ = ['run', 'warnings']\n"},
    "imported": {"user.py": "from pkg import warnings\n"},
    "an attribute": {"user.py": "import pkg\n\npkg.warnings.warn('x')\n"},
    "starred again": {"user.py": "from pkg import *\n\nwarnings.warn('x')\n"},
}


@pytest.mark.parametrize("files", WARNED.values(), ids=WARNED)
def test_a_star_that_brings_what_a_shim_imports_to_somebody_stays(apply, library, files):
    package = {"pkg/__init__.py": "from warned import *\n\ndef own(): return run()\n"}
    applied = apply({**library, "warned.py": WARNS, **package, **files})
    assert "pkg/__init__.py" not in applied.changed


BY_STAR = {
    "pkg/__init__.py": "",
    "pkg/home.py": "def f(): return 1\ndef h(): return 2\n",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import f, h\nfrom json import dumps\n',
    "app.py": "from pkg.old import *\n\ndef probe(): return f()\n",
}


@pytest.mark.parametrize(
    "test",
    [
        "import app\n\ndef test_it(): assert app.h() == 2\n",
        "import app as a\n\ndef test_it(): assert getattr(a, 'h')() == 2\n",
        "from unittest import mock\n\n@mock.patch('app.h')\ndef test_it(h): pass\n",
    ],
    ids=["attribute", "getattr", "patch"],
)
def test_what_others_take_from_a_file_that_stars_a_shim_stays_there(apply, test):
    changed = apply({**BY_STAR, "test_app.py": test}).changed
    assert changed["app.py"].startswith("from pkg.home import f, h\n")


def test_what_others_take_from_elsewhere_is_not_imported(apply):
    test = "import app, other\n\ndef test_it(): assert app.probe() and other.h\n"
    changed = apply({**BY_STAR, "test_app.py": test, "other.py": "h = 3\n"}).changed
    assert changed["app.py"].startswith("from pkg.home import f\n")
