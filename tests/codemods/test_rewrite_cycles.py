"""Eager where it was lazy: an import that would close a cycle stays as it is."""

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
