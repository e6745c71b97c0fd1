"""``import shim`` and what is taken from it: attributes of a module under whichever name."""

import pytest

CASES = {
    "a top-level module": (
        "import flat_old\n\ndef probe(): return flat_old.run()",
        "import flat_home\n\ndef probe(): return flat_home.run()",
    ),
    "under another name": (
        "import flat_old as x\n\ndef probe(): return x.run(), x.stop()",
        "import flat_home as x\n\ndef probe(): return x.run(), x.stop()",
    ),
    "a module of a package": (
        "import lib.old\n\ndef probe(): return lib.old.f(lib.old.LIMIT)",
        "import lib.home\n\ndef probe(): return lib.home.f(lib.home.LIMIT)",
    ),
    "a module of a package, two homes": (
        "import lib.old\n\ndef probe(): return lib.old.f(), lib.old.h()",
        "import lib.home\nimport lib.other\n\ndef probe(): return lib.home.f(), lib.other.h()",
    ),
    "beside other uses of the package": (
        "import lib.old\nimport lib.other\n\ndef probe(): return lib.old.f(), lib.other.h(), lib.__name__",
        "import lib.home\nimport lib.other\n\ndef probe(): return lib.home.f(), lib.other.h(), lib.__name__",
    ),
    "the package is used alone too": (
        "import lib.old\n\ndef probe(): return lib.__name__, lib.old.f()",
        "import lib.home\n\ndef probe(): return lib.__name__, lib.home.f()",
    ),
    "a module of a package under a name": (
        "import lib.old as o\n\ndef probe(): return o.f()",
        "import lib.home as o\n\ndef probe(): return o.f()",
    ),
    "a module of a package under a name, two homes": (
        "import lib.old as o\n\ndef probe(): return o.f(), o.h()",
        "from lib import home, other\n\ndef probe(): return home.f(), other.h()",
    ),
    "from a package": (
        "from lib import old\n\ndef probe(): return old.f()",
        "from lib import home as old\n\ndef probe(): return old.f()",
    ),
    "from a package, two homes": (
        "from lib import old\n\ndef probe(): return old.f(), old.h()",
        "from lib import home, other\n\ndef probe(): return home.f(), other.h()",
    ),
    "from a package beside others": (
        "from lib import old, other\n\ndef probe(): return old.f(), other.h()",
        "from lib import home as old\nfrom lib import other\n\ndef probe(): return old.f(), other.h()",
    ),
    "two homes that are imported already": (
        "from lib import home, other, old\n\ndef probe(): return old.f(), old.h(), home.g(), other.h()",
        "from lib import home, other\n\ndef probe(): return home.f(), other.h(), home.g(), other.h()",
    ),
    "two homes, one of them imported already by another name": (
        "import lib.home as known\nfrom lib import old\n\ndef probe(): return old.f(), old.h(), known.g()",
        "import lib.home as known\nfrom lib import other\n\ndef probe(): return known.f(), other.h(), known.g()",
    ),
    "two homes, imported only below": (
        "from lib import old\nfound = old.f(), old.h()\nfrom lib import home\n\ndef probe(): return found, home.g()",
        "from lib import home as lib_home\nfrom lib import other\nfound = lib_home.f(), other.h()\nfrom lib import home\n\ndef probe(): return found, home.g()",
    ),
    "two homes, imported in a branch": (
        "if True:\n    from lib import home\nfrom lib import old\n\ndef probe(): return old.f(), old.h(), home.g()",
        "if True:\n    from lib import home\nfrom lib import home as lib_home\nfrom lib import other\n\ndef probe(): return lib_home.f(), other.h(), home.g()",
    ),
    "two homes, one of whose names means something else where it is wanted": (
        "from lib import home, old\n\ndef probe(home=home): return old.f(), old.h(), home.g()",
        "from lib import home\nfrom lib import home as lib_home\nfrom lib import other\n\ndef probe(home=home): return lib_home.f(), other.h(), home.g()",
    ),
    "an attribute of an attribute": (
        "import flat_old\nimport lib.old as o\n\ndef probe(): return o.Thing.size, o.Thing.make().size, flat_old.run()",
        "import flat_home\nimport lib.home as o\n\ndef probe(): return o.Thing.size, o.Thing.make().size, flat_home.run()",
    ),
    "a decorator, a base and a default": (
        "import lib.old\n\n@lib.old.f\nclass A(lib.old.Thing):\n    x: lib.old.Thing = lib.old.LIMIT\n    def m(self, y=lib.old.LIMIT): return lib.old.g()",
        "import lib.home\n\n@lib.home.f\nclass A(lib.home.Thing):\n    x: lib.home.Thing = lib.home.LIMIT\n    def m(self, y=lib.home.LIMIT): return lib.home.g()",
    ),
    "an f-string": (
        "import lib.old\n\ndef probe(): return f'{lib.old.f()} {lib.old.LIMIT:>{lib.old.LIMIT}} {lib.old.f()!r}'",
        "import lib.home\n\ndef probe(): return f'{lib.home.f()} {lib.home.LIMIT:>{lib.home.LIMIT}} {lib.home.f()!r}'",
    ),
    "a nested f-string over lines": (
        'import lib.old\n\ndef probe():\n    return f"""lib.old {f\'{lib.old.f()}\'}\nlib.old.f {lib.old.g()}"""',
        'import lib.home\n\ndef probe():\n    return f"""lib.old {f\'{lib.home.f()}\'}\nlib.old.f {lib.home.g()}"""',
    ),
    "a chain over lines": (
        "import lib.old\n\ndef probe(): return (lib\n    .old\n    .f())",
        "import lib.home\n\ndef probe(): return (lib.home\n    .f())",
    ),
    "in a function": (
        "def probe():\n    import lib.old\n    return lib.old.f()",
        "def probe():\n    import lib.home\n    return lib.home.f()",
    ),
    "imported above, used in a function": (
        "import lib.old as o\n\ndef probe():\n    def inner(): return o.f()\n    return inner(), [o.g() for _ in 'ab']",
        "import lib.home as o\n\ndef probe():\n    def inner(): return o.f()\n    return inner(), [o.g() for _ in 'ab']",
    ),
    "several modules in one import": (
        "import os, lib.old as o, sys\n\ndef probe(): return o.f(), os.sep, sys.byteorder",
        "import os, sys\n\nimport lib.home as o\n\ndef probe(): return o.f(), os.sep, sys.byteorder",
    ),
    "after a match": (
        "import lib.old as o\n\ndef probe():\n    match 10:\n        case o.LIMIT: return o.f()",
        "import lib.home as o\n\ndef probe():\n    match 10:\n        case o.LIMIT: return o.f()",
    ),
    "a class pattern": (
        "import lib.old\n\ndef probe():\n    match lib.old.Thing():\n        case lib.old.Thing(size=s): return s",
        "import lib.home\n\ndef probe():\n    match lib.home.Thing():\n        case lib.home.Thing(size=s): return s",
    ),
    "a non-ASCII name before it": (
        "import lib.old\n\ndef probe(): é = 'ü'; return é, lib.old.f(), '→', lib.old.g()",
        "import lib.home\n\ndef probe(): é = 'ü'; return é, lib.home.f(), '→', lib.home.g()",
    ),
    "nothing of it is used": ("import lib.other, flat_old", "import flat_home\nimport lib.other"),
}


@pytest.mark.parametrize("before, after", CASES.values(), ids=CASES)
def test_uses_of_a_shim_through_its_module_name_the_home(rewrite, before, after):
    assert rewrite(before + "\n") == after + "\n"


def test_relative_imports_of_the_shim_stay_relative(rewrite):
    before = "from . import old\nfrom .old import f, h\nfrom lib import old as o\n\ndef probe(): return old.g(), o.f(), f(), h()\n"
    assert rewrite(before, path="lib/app.py") == (
        "from . import home as old\nfrom .home import f\nfrom .other import h\n"
        "from lib import home as o\n\ndef probe(): return old.g(), o.f(), f(), h()\n"
    )


def test_relative_imports_climb_as_far_as_needed(rewrite):
    files = {"lib/sub/__init__.py": "", "lib/sub/deep/__init__.py": ""}
    assert rewrite(
        "from ...old import f\nfrom ... import old\n\ndef probe(): return f(), old.g()\n",
        path="lib/sub/deep/app.py",
        files=files,
    ) == (
        "from ...home import f\nfrom ... import home as old\n\ndef probe(): return f(), old.g()\n"
    )


def test_a_home_that_is_imported_relatively_is_called_by_its_name_there(rewrite):
    before = (
        "from . import home\nfrom . import old\n\ndef probe(): return old.f(), old.h(), home.g()\n"
    )
    after = "from . import home\nfrom . import other\n\ndef probe(): return home.f(), other.h(), home.g()\n"
    assert rewrite(before, path="lib/user.py") == after


def test_a_name_that_a_test_patches_is_not_used_for_more_than_before(apply):
    user = "from lib import home, old\n\ndef probe(): return old.f(), old.h(), home.g()\n"
    test = "from unittest import mock\nimport user\n\ndef test():\n    with mock.patch.object(user, 'home'):\n        user.probe()\n"
    files = {
        "lib/__init__.py": "",
        "lib/home.py": "def f(): return 1\ndef g(): return 2\n",
        "lib/other.py": "def h(): return 3\n",
        "lib/old.py": '"""Deprecated."""\nfrom lib.home import f\nfrom lib.other import h\n',
        "user.py": user,
        "test_user.py": test,
    }
    assert "def probe(): return lib_home.f(), other.h(), home.g()" in apply(files)["user.py"]


def test_a_relative_import_becomes_absolute_when_the_home_is_in_another_package(apply):
    applied = apply(
        {
            "new/__init__.py": "",
            "new/impl.py": "def a(): return 1\n",
            "pkg/__init__.py": "",
            "pkg/old.py": "from new.impl import a\n",
            "pkg/app.py": "from .old import a\nfrom . import old\n\ndef probe(): return a(), old.a()\n",
        }
    )
    assert applied["pkg/app.py"] == (
        "from new.impl import a\nfrom new import impl as old\n\ndef probe(): return a(), old.a()\n"
    )


OF_A_LIBRARY = {
    "pkg/__init__.py": "",
    "pkg/home.py": "def f(): return 1\n",
    "pkg/old.py": '"""Deprecated."""\nfrom json import dumps\nfrom pkg.home import f\n',
}


@pytest.mark.parametrize(
    "before, after",
    [
        ("from pkg import old", "import json"),
        ("from pkg import old as o", "import json as o"),
    ],
)
def test_a_library_does_not_go_by_the_name_of_a_shim_unless_it_was_chosen(apply, before, after):
    source = "{}\n\ndef probe(): return {}.dumps(1)\n"
    tree = {**OF_A_LIBRARY, "app.py": source.format(before, before.split()[-1])}
    assert apply(tree)["app.py"] == source.format(after, after.split()[-1])


def test_a_library_keeps_the_name_of_a_shim_that_another_file_asks_for(apply):
    tree = {
        **OF_A_LIBRARY,
        "app.py": "from pkg import old\n\ndef probe(): return old.dumps(1)\n",
        "user.py": "import app\n\ndef probe(): return app.old.dumps(2)\n",
    }
    assert apply(tree).changed == {
        "app.py": "import json as old\n\ndef probe(): return old.dumps(1)\n"
    }


OF_A_PACKAGE = {
    "pkg/__init__.py": "",
    "pkg/home.py": "def f(): return 1\n",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import f\n',
}


@pytest.mark.parametrize(
    "test",
    [
        "from unittest import mock\nimport app\n\ndef test_it():\n"
        "    with mock.patch('app.pkg.old.f', lambda: 2): assert app.probe() == 2\n",
        "import app as a\n\ndef test_it(monkeypatch):\n"
        "    monkeypatch.setattr(a.pkg.old, 'f', lambda: 2)\n    assert a.probe() == 2\n",
    ],
    ids=["string", "object"],
)
def test_a_module_stays_that_a_test_reaches_through_the_package_that_it_is_imported_by(apply, test):
    app = "import pkg.old\n\ndef probe(): return pkg.old.f()\n"
    assert not apply({**OF_A_PACKAGE, "app.py": app, "test_app.py": test}).changed


@pytest.mark.parametrize(
    "test",
    [
        "import app\n\ndef test_it(): assert app.probe() == 1 and app.pkg.home.f\n",
        "import app\nfor name in ('app', 'pkg.older'): print(name)\n",
    ],
)
def test_a_module_moves_of_which_others_name_something_else(apply, test):
    app = "import pkg.{0}\n\ndef probe(): return pkg.{0}.f()\n"
    tree = {**OF_A_PACKAGE, "app.py": app.format("old"), "test_app.py": test}
    assert apply(tree).changed == {"app.py": app.format("home")}


KEPT_APART = {
    "the home's name is taken": (
        "from lib import old\nhome = 1\n\ndef probe(): return old.f(), old.h(), home",
        "from lib import home as lib_home\nfrom lib import other\nhome = 1\n\ndef probe(): return lib_home.f(), other.h(), home",
    ),
    "the home's name is a parameter": (
        "from lib import old\n\ndef use(home): return old.f(), old.h(), home\ndef probe(): return use(2)",
        "from lib import home as lib_home\nfrom lib import other\n\ndef use(home): return lib_home.f(), other.h(), home\ndef probe(): return use(2)",
    ),
    "the root's name is taken": (
        "import flat_old\nflat_home = 3\n\ndef probe(): return flat_old.run(), flat_home",
        "import flat_home as flat_home_2\nflat_home = 3\n\ndef probe(): return flat_home_2.run(), flat_home",
    ),
    "the root's name is a local variable of one user": (
        "import flat_old\n\ndef probe():\n    flat_home = 4\n    return flat_old.run(), flat_home",
        "import flat_home as flat_home_2\n\ndef probe():\n    flat_home = 4\n    return flat_home_2.run(), flat_home",
    ),
}


@pytest.mark.parametrize("before, after", KEPT_APART.values(), ids=KEPT_APART)
def test_names_that_are_taken_are_kept_apart(rewrite, before, after):
    assert rewrite(before + "\n") == after + "\n"


STUCK = {
    "handed on": (
        "import lib.old as o\nx = [o]\no.f()",
        "2: lib.old: line 2: the module itself is handed on, not a name of it",
    ),
    "getattr with a name made at run time": (
        "import lib.old as o\nfor n in 'fg': getattr(o, n)()",
        "2: lib.old: line 2: the module itself is handed on, not a name of it",
    ),
    "bound again": (
        "import lib.old as o\nif o.LIMIT: o = None",
        "1: lib.old: o is bound in more than one way",
    ),
    "bound again in a function by global": (
        "import lib.old as o\ndef stop():\n    global o\n    o = None\no.f()",
        "1: lib.old: o is bound in more than one way",
    ),
    "deleted": ("import lib.old as o\no.f()\ndel o", "1: lib.old: o is bound in more than one way"),
    "a loop variable": (
        "import lib.old as o\no.f()\nfor o in (): pass",
        "1: lib.old: o is bound in more than one way",
    ),
}


@pytest.mark.parametrize("source, reason", STUCK.values(), ids=STUCK)
def test_a_use_that_cannot_move_keeps_all_of_its_binding(left_alone, source, reason):
    assert left_alone(source + "\n") == [reason]


def test_setting_an_attribute_of_the_shim_keeps_the_binding(left_alone):
    assert left_alone("import lib.old as o\no.f = print\no.g()\n") != []


BELOW = {
    "pk/__init__.py": "",
    "pk/home.py": "def f(): return 'f'\n",
    "pk/leg/__init__.py": "from . import sub\ndef g(): return 'g'\n",
    "pk/leg/sub.py": '"""Deprecated, use pk.home."""\nfrom pk.home import f\n',
    "pk/old.py": '"""Deprecated, use pk.home."""\nfrom pk.home import f\n',
}
LEADS = "from pk import leg\n\ndef probe(): return leg.sub.f(){more}\n\n\ndef other():\n    from pk.old import f\n    return f\n"


def test_an_import_that_would_lead_nowhere_any_more_keeps_its_uses_and_nothing_else(apply):
    source = LEADS.format(more="")
    done = apply({**BELOW, "app.py": source})
    assert done["app.py"] == source.replace("pk.old", "pk.home")


def test_an_import_that_leads_elsewhere_as_well_lets_its_uses_go(apply):
    source = LEADS.format(more=" + leg.g()")
    done = apply({**BELOW, "app.py": source})
    assert "leg.sub" not in done["app.py"]
    assert "leg.g()" in done["app.py"]


RENAMED = {
    "old/__init__.py": "import sys\n\nsys.meta_path.insert(0, sys.meta_path[0])\n",
    "old/util/__init__.py": '"""Deprecated."""\nfrom new import names\n',
    "old/util/names.py": '"""Deprecated: moved to new.names."""\nfrom new.names import f\n',
    "new/__init__.py": "",
    "new/names.py": "def f(): return 1\n",
}
PATCHED = 'from unittest import mock\n\nimport old.util.names\n\n\ndef test_a():\n    with mock.patch("old.util.names.f", return_value=2):\n        assert old.util.names.f() == 2\n'


def test_an_imported_submodule_stands_where_its_package_has_bound_another_module(apply):
    applied = apply({**RENAMED, "tests/test_a.py": PATCHED})
    assert applied.changed == {"tests/test_a.py": PATCHED.replace("old.util.", "new.")}


def test_without_that_import_the_name_of_the_package_is_meant(apply):
    user = "import old.util\n\ndef probe(): return old.util.names.f()\n"
    applied = apply({**RENAMED, "old/__init__.py": "", "user.py": user})
    moved = user.replace("old.util.", "new.").replace("import old.util", "import new.names")
    assert applied.changed == {"user.py": moved}


def test_an_import_that_leads_to_nothing_else_than_a_moved_module_keeps_its_use(apply):
    applied = apply(
        {
            "lib/__init__.py": "",
            "lib/home.py": "def f(): return 1\n",
            "lib/tools/__init__.py": "from . import old\n",
            "lib/tools/old.py": '"""Deprecated."""\nfrom lib.home import f\n',
            "consumer.py": "from lib import tools\n\ndef use(): return tools.old.f()\n",
        }
    )
    assert applied.changed == {}
    why = "consumer.py:3: lib.tools.old: the import of tools would be left without a use"
    assert why in applied.skipped
