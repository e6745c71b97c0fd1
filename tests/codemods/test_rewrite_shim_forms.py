"""How a shim re-exports: whatever the form, its users are pointed at the definition."""

import pytest

HOME = 'def a(*args): return "a"\ndef b(*args): return "b"\n'
USER = "from old import a\n\ndef probe(): return a()\n"
USER_AFTER = "from home import a\n\ndef probe(): return a()\n"

SHIMS = {
    "plain, with __all__ and a docstring": '''
        """Kept for backward compatibility."""
        from home import a, b
        __all__ = ["a", "b"]
    ''',
    "plain, without a word about it": "from home import a, b\n",
    "a __future__ line before the docstring": '''
        from __future__ import annotations
        """Deprecated: moved to home."""
        from home import a, b
    ''',
    "an import that warns before": """
        import warnings
        warnings.warn("old is deprecated, use home", DeprecationWarning, stacklevel=2)
        from home import a, b
    """,
    "an import that warns after": """
        import warnings
        from home import a, b
        warnings.warn("old is deprecated", DeprecationWarning, stacklevel=2)
    """,
    "a helper that warns": """
        import warnings
        from home import a
        def _deprecation_warning(old, new):
            warnings.warn(f"{old} moved to {new}", DeprecationWarning, stacklevel=3)
        _deprecation_warning("old", "home")
    """,
    "__getattr__ with an if": """
        def __getattr__(name):
            if name == "a":
                from home import a
                return a
            raise AttributeError(name)
    """,
    "__getattr__ of a module that is imported under another name": """
        import warnings
        import home as _new
        def __getattr__(name):
            if name.startswith("__"):
                raise AttributeError(name)
            warnings.warn(f"{name} has moved", DeprecationWarning, stacklevel=2)
            return getattr(_new, name)
    """,
    "sys.modules with the entry of home": """
        import sys
        import home
        sys.modules[__name__] = sys.modules["home"]
    """,
    "sys.modules with import_module": """
        import importlib, sys
        sys.modules[__name__] = importlib.import_module("home")
    """,
    "__getattr__ with a table of modules": """
        import importlib
        _HOMES = {"a": "home", "b": "home"}
        def __getattr__(name):
            if name in _HOMES:
                return getattr(importlib.import_module(_HOMES[name]), name)
            raise AttributeError(name)
    """,
    "__getattr__ with a table of dotted names": """
        import importlib
        _HOMES = {"a": "home.a"}
        def __getattr__(name):
            if name not in _HOMES:
                raise AttributeError(name)
            module, _, attribute = _HOMES[name].rpartition(".")
            return getattr(importlib.import_module(module), attribute)
    """,
    "__getattr__ with a table of pairs": """
        import importlib
        _HOMES = {"a": ("home", "a"), "b": ("home", "b")}
        def __getattr__(name):
            try:
                module, attribute = _HOMES[name]
            except KeyError:
                raise AttributeError(name) from None
            return getattr(importlib.import_module(module), attribute)
    """,
    "a table handed to a helper": """
        from helpers import make_importer
        __getattr__ = make_importer(__name__, {"a": "home", "b": "home"})
    """,
    "another module object in sys.modules": """
        import sys
        import home
        sys.modules[__name__] = home
    """,
    "a star": "from home import *\n",
    "an alias by assignment": "import home as _home\na = _home.a\n__all__ = ['a']\n",
    "TYPE_CHECKING for checkers, __getattr__ for the run": """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from home import a
        def __getattr__(name):
            if name == "a":
                from home import a
                return a
            raise AttributeError(name)
    """,
}
HELPERS = """
    import importlib
    def make_importer(package, table):
        def __getattr__(name):
            if name in table:
                return getattr(importlib.import_module(table[name]), name)
            raise AttributeError(name)
        return __getattr__
"""


@pytest.mark.parametrize("shim", SHIMS.values(), ids=SHIMS)
def test_users_of_every_kind_of_shim_are_pointed_at_the_definition(apply, shim):
    applied = apply({"home.py": HOME, "helpers.py": HELPERS, "old.py": shim, "app.py": USER})
    assert applied.changed == {"app.py": USER_AFTER}


@pytest.mark.parametrize(
    "shim, imported",
    [
        ("from home import new_name as a\n", "from home import new_name as a"),
        ("import home\na = home.new_name\n__all__ = ['a']\n", "from home import new_name as a"),
        (
            "from home import new_name\na = new_name\n__all__ = ['a']\n",
            "from home import new_name as a",
        ),
    ],
    ids=["import as", "attribute", "name"],
)
def test_a_renamed_name_keeps_its_old_name_in_the_consumer(apply, shim, imported):
    tree = {"home.py": 'def new_name(): return "a"\n', "old.py": shim, "app.py": USER}
    assert apply(tree)["app.py"] == USER_AFTER.replace("from home import a", imported)


def test_a_chain_of_shims_is_followed_to_its_end(apply):
    tree = {
        "home.py": HOME,
        "old.py": "from older import a, b\n",
        "older.py": "from oldest import a, b\n",
        "oldest.py": "from home import a, b\n",
        "app.py": USER,
    }
    applied = apply(tree)
    assert applied["app.py"] == USER_AFTER
    assert applied["old.py"] == applied["older.py"] == "from home import a, b\n"


def test_a_chain_that_ends_in_a_circle_is_left_alone(apply):
    applied = apply(
        {"old.py": "from older import a\n", "older.py": "from old import a\n", "app.py": USER}
    )
    assert applied.changed == {}
    assert any("go round in a circle" in line for line in applied.skipped)


GUARDED = "try:\n    from home import a\nexcept ImportError:\n    a = None\n"


def test_a_guarded_import_has_two_homes_and_is_moved_on_request_only(apply):
    tree = {"home.py": HOME, "old.py": f'"""Deprecated."""\n{GUARDED}', "app.py": USER}
    applied = apply(tree)
    assert applied.changed == {}
    assert [line[:42] for line in applied.skipped] == ["app.py:1: old.a: old.py:5 has another home"]
    assert apply(tree, unsafe=True).changed == {"app.py": USER_AFTER}


def test_a_guard_that_tries_a_removed_module_first_leads_to_the_home_on_request(apply):
    guard = "try:\n    from pkg.gone import a\nexcept ImportError:\n    from pkg.home import a\n"
    old = {"pkg/__init__.py": "", "pkg/old.py": f'"""Deprecated."""\n{guard}'}
    tree = {**old, "pkg/home.py": HOME, "app.py": "from pkg.old import a\n\na()\n"}
    applied = apply(tree)
    assert applied.changed == {}
    assert applied.skipped == [
        "app.py:1: pkg.old.a: pkg/old.py:3 names a home that is not here: "
        "there is no module pkg.gone"
    ]
    assert apply(tree, unsafe=True).changed == {"app.py": "from pkg.home import a\n\na()\n"}


def test_a_module_made_on_the_spot_is_a_shim_for_the_attributes_set_on_it(apply):
    applied = apply(
        {
            "home.py": HOME,
            "setup_old.py": """
            import sys
            from types import ModuleType
            import home
            _module = ModuleType("old")
            _module.a = home.a
            sys.modules["old"] = _module
        """,
            "app.py": "import setup_old\nfrom old import a\n\ndef probe(): return a()\n",
        }
    )
    assert applied["app.py"] == (
        "import setup_old\nfrom home import a\n\ndef probe(): return a()\n"
    )


def test_a_module_registered_under_another_name_means_its_home(apply):
    applied = apply(
        {
            "pkg/__init__.py": "import sys\nfrom pkg import new\nsys.modules['pkg.old'] = new\n",
            "pkg/new.py": "import json\n" + HOME,
            "app.py": """
            import pkg
            import pkg.old as o
            from pkg.old import a, json

            def probe(): return o.b(), a(), json.dumps(1)
        """,
        }
    )
    assert applied.changed == {
        "app.py": (
            "import pkg\nimport pkg.new as o\nfrom pkg.new import a, json\n\n"
            "def probe(): return o.b(), a(), json.dumps(1)\n"
        )
    }


def test_names_set_on_the_own_module_at_run_time_are_left_alone(apply):
    applied = apply(
        {
            "home.py": HOME,
            "old.py": '''
            """Deprecated."""
            import sys
            import home
            for _name in ("a", "b"):
                setattr(sys.modules[__name__], _name, getattr(home, _name))
        ''',
            "app.py": USER,
        }
    )
    assert applied.changed == {}


@pytest.mark.parametrize("written", [".utils.helpers", "pkg.utils.helpers"])
def test_a_relative_shim_is_read_like_an_absolute_one(apply, written):
    applied = apply(
        {
            "pkg/__init__.py": "",
            "pkg/utils/__init__.py": "",
            "pkg/utils/helpers.py": HOME,
            "pkg/old.py": f"from {written} import a, b\n",
            "pkg/sub/__init__.py": "",
            "pkg/sub/user.py": "from ..old import a\n\ndef probe(): return a()\n",
            "app.py": "from pkg.old import b\n\ndef probe(): return b()\n",
        }
    )
    assert applied.changed == {
        "pkg/sub/user.py": "from ..utils.helpers import a\n\ndef probe(): return a()\n",
        "app.py": "from pkg.utils.helpers import b\n\ndef probe(): return b()\n",
    }


def test_a_facade_of_own_submodules_is_public_api_and_left_alone(apply):
    applied = apply(
        {
            "pkg/__init__.py": "from pkg.impl import a\n__all__ = ['a']\n",
            "pkg/impl.py": HOME,
            "app.py": "from pkg import a\n",
        }
    )
    assert applied.changed == {}
    assert applied.skipped == []


def test_a_package_that_re_exports_from_outside_is_a_shim(apply):
    applied = apply(
        {
            "new/__init__.py": "",
            "new/impl.py": HOME,
            "pkg/__init__.py": "from new.impl import a, b\n__all__ = ['a', 'b']\n",
            "app.py": "from pkg import a\n\ndef probe(): return a()\n",
        }
    )
    assert applied.changed == {"app.py": "from new.impl import a\n\ndef probe(): return a()\n"}


MIXED = """
    from home import a
    def own(): return a()
    __all__ = ["a", "own"]
"""


def test_a_module_with_definitions_of_its_own_is_no_shim(apply):
    tree = {"home.py": HOME, "old.py": MIXED, "app.py": "from old import a, own\n"}
    assert apply(tree).changed == {}


def test_a_mixed_module_that_the_settings_list_loses_the_names_it_hands_on(apply):
    tree = {
        "pyproject.toml": '[tool.trackfix]\nshims = ["old"]\n',
        "home.py": HOME,
        "old.py": MIXED,
        "app.py": "from old import a, own\n\ndef probe(): return a(), own()\n",
    }
    assert apply(tree).changed == {
        "app.py": ("from home import a\nfrom old import own\n\ndef probe(): return a(), own()\n")
    }


@pytest.mark.parametrize(
    "wrapper",
    [
        "from home import New\nclass Old(New):\n    pass\n",
        "import warnings\nfrom home import new\n"
        "def old_call(*a, **k):\n    warnings.warn('x', DeprecationWarning)\n    return new(*a, **k)\n",
    ],
    ids=["class", "function"],
)
def test_a_wrapper_has_behaviour_and_is_left_alone(apply, wrapper):
    name = "Old" if "class" in wrapper else "old_call"
    applied = apply(
        {
            "home.py": "class New: pass\ndef new(): return 1\n",
            "old.py": wrapper,
            "app.py": f"from old import {name}\n\ndef probe(): return {name}()\n",
        }
    )
    assert applied.changed == {}


def test_users_of_another_name_of_a_module_move_beside_a_package_that_shows_it(apply):
    tree = {
        "lib/__init__.py": "",
        "lib/home.py": "def f(): return 1\n",
        "pkg/__init__.py": "from .helpers import g\nfrom . import runs\n",
        "pkg/helpers.py": '"""Deprecated."""\nfrom lib.home import f as g\n',
        "pkg/runs.py": "import sys\nfrom lib import home\nsys.modules[__name__] = home\n",
        "user.py": "from pkg.runs import f\n",
        "job.py": "from pkg import runs as r, g\n\nfound = r.f(), g()\n",
    }
    applied = apply(tree)
    assert applied["user.py"] == "from lib.home import f\n"
    assert applied["job.py"].startswith("from lib import home as r\nfrom lib.home import f as g\n")
    assert "from . import runs\n" in applied["pkg/__init__.py"]


def test_a_name_that_a_shim_on_the_way_renames_is_moved_in_one_run(apply):
    """The harness tries a second run."""
    applied = apply(
        {
            "core.py": "def f(): return 1\n",
            "old.py": '"""Deprecated: moved to core."""\nfrom core import f as g\n',
            "bridge.py": "from old import g as f\n",
            "user.py": "from bridge import f\n\ndef probe(): return f()\n",
        }
    )
    assert applied["bridge.py"] == "from core import f\n"
    assert applied["user.py"] == "from core import f\n\ndef probe(): return f()\n"


def test_a_module_that_gives_names_of_its_own_is_no_shim(apply):
    applied = apply(
        {
            "core.py": "def f(): return 1\n",
            "old.py": '"""Deprecated: moved to core."""\nfrom core import f as g\n',
            "bridge.py": "from old import g as run\n",
            "user.py": "from bridge import run\n\ndef probe(): return run()\n",
        }
    )
    assert applied.changed == {"bridge.py": "from core import f as run\n"}


def test_a_double_that_a_test_puts_in_sys_modules_is_no_new_home(apply):
    """Nothing but the tests would find it."""
    tree = {
        "fakes/other.py": "def a(): return 'double'\n",
        "tests/conftest.py": "import sys\nfrom fakes import other\nsys.modules['other'] = other\n",
        "app.py": "from other import a\n\ndef probe(): return a()\n",
    }
    installed = {"other.py": "def a(): return 'a'\n"}
    assert apply(tree, "rewrite-imports", installed=installed).changed == {}


OF_A_SHIM = {
    "home.py": "def f(): return 1\n",
    "lib/__init__.py": "",
    "lib/old.py": '"""Deprecated."""\nfrom home import f\n',
    "app.py": "from lib.older import f\n\ndef probe(): return f()\n",
}
OLDER = ["import lib.old\nf = lib.old.f\n", "import lib.old as o\nf = o.f\n"]


@pytest.mark.parametrize("older", OLDER)
def test_a_shim_that_assigns_what_another_shim_hands_on_is_known_in_the_first_run(apply, older):
    done = apply({**OF_A_SHIM, "lib/older.py": older})
    assert done["app.py"] == OF_A_SHIM["app.py"].replace("lib.older", "home")


def test_a_module_that_imports_one_from_which_it_assigns_nothing_is_no_shim(apply):
    older = {
        "lib/other.py": "x = 1\n",
        "lib/older.py": "import lib.other\nimport home\nf = home.f\n",
    }
    assert apply({**OF_A_SHIM, **older}).changed == {}


def test_modules_below_a_package_that_imports_some_of_them_stay_in_one_statement(apply):
    tree = {
        "pyproject.toml": '[tool.trackfix]\nshims = ["old"]\n',
        "home.py": "def f(): ...\n",
        "old/__init__.py": "from home import f\nfrom old.first import *\nfrom . import second\n",
        "old/first.py": "def g(): ...\n",
        "old/second.py": "def h(): ...\n",
        "app.py": "from old import f\nfrom old import first, second\n\nuser = first.g, second.h, f\n",
    }
    after = apply(tree)["app.py"]
    assert after == tree["app.py"].replace("from old import f\n", "from home import f\n")
