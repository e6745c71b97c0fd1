"""Eager where it was lazy: an import that would close a cycle, or enter one where it breaks, stays."""

import pytest

LAZY = """
    def __getattr__(name):
        if name == "a":
            from home import a
            return a
        raise AttributeError(name)
"""
HOME = "import app\ndef a(): return 'a'\n"


def test_an_eager_import_of_a_home_that_imports_the_user_is_left_alone(apply):
    tree = {
        "home.py": HOME,
        "old.py": LAZY,
        "app.py": "import old\n\ndef probe(): return old.a()\n",
    }
    applied = apply(tree)
    assert applied.changed == {}
    assert applied.skipped == ["app.py:3: old: a: importing home here would close an import cycle"]


def test_a_cycle_over_several_modules_is_seen(apply):
    applied = apply(
        {
            "home.py": "import middle\ndef a(): return 'a'\n",
            "middle.py": "import app\n",
            "old.py": LAZY,
            "app.py": "import old\n\ndef probe(): return old.a()\n",
        }
    )
    assert applied.changed == {}


def test_a_cycle_through_the_homes_package_is_seen(apply):
    applied = apply(
        {
            "new/__init__.py": "import app\n",
            "new/impl.py": "def a(): return 'a'\n",
            "old.py": LAZY.replace("home", "new.impl"),
            "app.py": "import old\n\ndef probe(): return old.a()\n",
        }
    )
    assert applied.changed == {}


def test_an_import_in_a_function_closes_no_cycle(apply):
    user = "def probe():\n    from old import a\n    return a()\n"
    applied = apply({"home.py": HOME, "old.py": LAZY, "app.py": user})
    assert applied.changed == {"app.py": user.replace("old", "home")}


def test_an_import_for_type_checkers_closes_no_cycle(apply):
    user = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from old import a\n"
        "def f(x: 'a'): ...\n"
    )
    applied = apply({"home.py": HOME, "old.py": LAZY, "app.py": user})
    assert applied.changed == {"app.py": user.replace("old", "home")}


def test_a_cycle_that_was_closed_before_is_no_obstacle(apply):
    user = "import old\n\ndef probe(): return old.a()\n"
    applied = apply(
        {
            "home.py": HOME,
            "old.py": "import home\nfrom home import a\n__all__ = ['a']\n",
            "app.py": user,
        },
        same=False,
    )
    assert applied.changed == {"app.py": user.replace("old", "home")}


def test_a_lazy_home_without_a_way_back_is_imported_eagerly(apply):
    user = "import old\n\ndef probe(): return old.a()\n"
    applied = apply(
        {"home.py": "import json\ndef a(): return 'a'\n", "old.py": LAZY, "app.py": user}
    )
    assert applied.changed == {"app.py": user.replace("old", "home")}


def test_the_home_itself_does_not_import_itself(apply):
    applied = apply(
        {
            "home.py": "def a(): return 'a'\ndef later():\n    import old\n    return old.a()\n",
            "old.py": "from home import a\n",
        },
        same=False,
    )
    assert "import home\n" not in applied["home.py"].split("def later")[0]


PLUGINS = {
    "pkg/base.py": "class Base: pass\n",
    "pkg/old.py": "from pkg.registry import register\n",
    "pkg/plugins.py": "from pkg import register\n@register\nclass Plugin: pass\n",
    "pkg/registry.py": "from pkg import Base\ndef register(cls): return cls\n",
}


def test_an_import_that_others_come_back_for_stays_before_them(apply):
    user = (
        "from pkg.base import Base\nfrom pkg.old import register\nfrom pkg.plugins import Plugin\n"
    )
    applied = apply({**PLUGINS, "pkg/__init__.py": user})
    assert applied.changed == {"pkg/__init__.py": user.replace("old", "registry")}


def test_a_name_that_others_come_back_for_joins_no_import_further_down(apply):
    user = (
        "from pkg.base import Base\nfrom pkg.old import register\nfrom pkg.plugins import Plugin\n"
    )
    more = "from pkg.registry import other\n"
    registry = PLUGINS["pkg/registry.py"] + "other = 1\n"
    applied = apply({**PLUGINS, "pkg/registry.py": registry, "pkg/__init__.py": user + more})
    assert applied.changed == {"pkg/__init__.py": user.replace("old", "registry") + more}


def test_an_import_that_others_come_back_for_stays_in_its_section(apply):
    user = "from .base import Base\n\nfrom old import register\nfrom .plugins import Plugin\n"
    applied = apply({**PLUGINS, "old.py": PLUGINS["pkg/old.py"], "pkg/__init__.py": user})
    assert applied.changed == {"pkg/__init__.py": user.replace("old", "pkg.registry")}


def test_a_cycle_of_others_is_entered_where_it_was_entered(apply):
    tree = {
        "zoo.py": "A = 1\nfrom ant import B\n",
        "ant.py": "from zoo import A\nB = 1\n",
        "cat.py": "from zoo import A\n",
        "dog.py": "from ant import B\n",
    }
    user = "from cat import A\nfrom dog import B\nx = A, B\n"
    applied = apply({**tree, "app.py": user}, same=False)
    assert applied.changed["app.py"] == "from zoo import A\nfrom ant import B\nx = A, B\n"


def test_imports_are_sorted_where_no_cycle_depends_on_it(apply):
    tree = {
        "pkg/__init__.py": "from pkg.base import Base\n",
        "pkg/base.py": "class Base: pass\n",
        "pkg/old.py": "from pkg.registry import register\n",
        "pkg/plugins.py": "from pkg import Base\n",
        "pkg/registry.py": "from pkg import Base\ndef register(cls): return cls\n",
    }
    user = "from pkg.old import register\nfrom pkg.plugins import Base\nx = register, Base\n"
    applied = apply({**tree, "app.py": user})
    sorted_ = "from pkg.base import Base\nfrom pkg.registry import register\nx = register, Base\n"
    assert applied.changed["app.py"] == sorted_


def test_imports_in_a_function_are_sorted_in_a_cycle_as_well(apply):
    user = "def f():\n    from pkg.old import register\n    from pkg.plugins import Plugin\n    return register, Plugin\n"
    init = "from pkg.base import Base\nfrom pkg.registry import register\n"
    applied = apply({**PLUGINS, "pkg/__init__.py": init + user})
    assert applied.changed["pkg/__init__.py"] == init + (
        "def f():\n    from pkg.plugins import Plugin\n    from pkg.registry import register\n    return register, Plugin\n"
    )


GUARDED = '"""Deprecated."""\ntry:\n    from {} import a\nexcept ImportError:\n    a = None\n'


def test_no_module_is_made_to_import_itself_not_even_in_an_unsafe_run(apply):
    tree = {"one.py": GUARDED.format("two"), "two.py": GUARDED.format("one")}
    applied = apply({**tree, "app.py": "import one\n\ndef probe(): return one.a\n"}, unsafe=True)
    assert applied.changed == {}
    assert any("one would import itself" in reason for reason in applied.skipped)


def test_a_guarded_name_of_another_module_moves_in_an_unsafe_run(apply):
    tree = {"home.py": "def a(): return 'a'\n", "old.py": GUARDED.format("home")}
    user = "from old import a\n\ndef probe(): return a()\n"
    assert apply({**tree, "app.py": user}).changed == {}
    applied = apply({**tree, "app.py": user}, unsafe=True)
    assert applied.changed == {"app.py": user.replace("old", "home")}


# Two modules import each other, and only one of them can be loaded first.
ORDERED = {
    "runs.py": "from home import a\n\ndef use(): return a()\n",
    "home.py": "import runs\n\ndef a(): return 'a'\n",
    "old.py": '"""Deprecated."""\nfrom runs import use\nfrom home import a\n',
}
FIRST = "home can't be loaded first: runs.py:1 would take a name too early"


@pytest.mark.parametrize(
    "user",
    [
        "from old import a\n\ndef probe(): return a()\n",
        "import old\n\ndef probe(): return old.a()\n",
        "def probe():\n    from old import a\n    return a()\n",
        "import home_user\nfrom old import a\n\ndef probe(): return a()\n",
    ],
)
def test_a_home_that_can_not_be_loaded_first_is_not_imported_instead(apply, user):
    applied = apply({**ORDERED, "home_user.py": "def f():\n    import home\n", "app.py": user})
    assert applied.changed == {}
    assert any(line.endswith(FIRST) for line in applied.skipped)


@pytest.mark.parametrize(
    "user",
    [
        "import runs\nfrom old import a\n\ndef probe(): return a()\n",
        "import runs\n\ndef probe():\n    from old import a\n    return a()\n",
    ],
)
def test_it_is_where_the_other_module_is_loaded_before(apply, user):
    applied = apply({**ORDERED, "app.py": user})
    assert applied.changed == {"app.py": user.replace("from old", "from home")}


LOADABLE = {
    "it has the name by then": {"home.py": "def a(): return 'a'\n\nimport runs\n"},
    "the name is taken later": {"runs.py": "def use():\n    from home import a\n    return a()\n"},
    "the module is taken": {"runs.py": "import home\n\ndef use(): return home.a()\n"},
    "it may be missing": {
        "runs.py": "try:\n    from home import a\nexcept ImportError:\n    a = None\n\ndef use(): return a()\n"
    },
    "its package loads the other first": {
        "home/__init__.py": "from home.runs import use\nfrom home.impl import a\n",
        "home/runs.py": "from home.impl import a\n\ndef use(): return a()\n",
        "home/impl.py": "import home.runs\n\ndef a(): return 'a'\n",
        "home.py": None,
        "runs.py": "",
        "old.py": '"""Deprecated."""\nfrom home.impl import a\n',
    },
}


@pytest.mark.parametrize("files", LOADABLE.values(), ids=LOADABLE)
def test_modules_that_import_each_other_may_be_loaded_in_any_order_where(apply, files):
    user = "from old import a\n\ndef probe(): return a()\n"
    old = '"""Deprecated."""\nfrom home import a\n'
    tree = {**ORDERED, "old.py": old, "app.py": user, **files}
    applied = apply({path: text for path, text in tree.items() if text is not None})
    assert "app.py" in applied.changed


def test_what_fails_already_where_it_is_loaded_first_changes(apply):
    user = "from old import a\n\ndef probe(): return a()\n"
    old = '"""Deprecated."""\nfrom home import a\n'
    applied = apply({**ORDERED, "old.py": old, "app.py": user}, same=False)
    assert applied.changed == {"app.py": user.replace("old", "home")}


# The home imports the shim, which has to be the first of the two.
BACKWARD = {
    "pkg/__init__.py": "",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import a\n',
    "pkg/home.py": "import pkg.old\n\ndef a(): return 'a'\n",
    "app.py": "import pkg.user\n\ndef probe(): return pkg.user.use()\n",
}
USER = "from pkg.old import a\n\ndef use(): return a()\n"


@pytest.mark.parametrize(
    "files",
    [
        {"pkg/__init__.py": "from pkg import user\n", "pkg/user.py": USER},
        {
            "pkg/__init__.py": USER,
            "app.py": "import pkg\n\ndef probe(): return pkg.use()\n",
        },
    ],
    ids=["a module that the package loads", "the package itself"],
)
def test_what_is_loaded_before_a_home_may_not_load_it_first(apply, files):
    applied = apply({**BACKWARD, **files})
    assert applied.changed == {}
    first = "pkg.home can't be loaded first: pkg/old.py:2 would take a name too early"
    assert any(line.endswith(first) for line in applied.skipped)


def test_it_may_where_the_package_has_loaded_the_home_by_then(apply):
    tree = {**BACKWARD, "pkg/__init__.py": "import pkg.old\n", "pkg/user.py": USER}
    assert apply(tree).changed == {"pkg/user.py": USER.replace("pkg.old", "pkg.home")}
