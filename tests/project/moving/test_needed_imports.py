"""A package goes on to load a moved module that others take from it as an attribute."""

import pytest

TREE = {
    "lib/home.py": "def f(): return 1\n",
    "pkg/old.py": '"""Deprecated."""\nfrom lib.home import f\n',
    "use.py": "import pkg\n\n\ndef run(name): return getattr(pkg.old, name)()\n",
    "test_use.py": "import use\n\n\ndef test_run(): assert use.run('f') == 1\n",
}
LOADS = {
    "star": "from .old import *\n\nX = f()\n",
    "name": "from pkg.old import f\n\nX = f()\n",
    "alias": "from pkg.old import f as g\n\nX = g()\n",
    "in a try": "try:\n    from pkg.old import f\nexcept ValueError:\n    raise\n",
}


@pytest.mark.parametrize("init", LOADS.values(), ids=LOADS)
def test_the_import_that_loads_it_stays(apply, init):
    applied = apply({**TREE, "pkg/__init__.py": init})
    assert applied.changed == {}
    assert any("it loads pkg.old, which use.py:4 takes" in skipped for skipped in applied.skipped)


def test_so_does_that_of_another_module_of_the_package(apply):
    tree = {"pkg/__init__.py": "import pkg.sub\n", "pkg/sub.py": "from .old import f\n\nX = f()\n"}
    assert apply({**TREE, **tree}).changed == {}


def test_it_stays_for_an_unsafe_run_too(apply):
    applied = apply({**TREE, "pkg/__init__.py": LOADS["name"]}, unsafe=True)
    assert applied.changed == {}


def test_so_does_that_of_a_module_that_the_user_imports(apply):
    tree = {
        "pkg/__init__.py": "",
        "pkg/start.py": "import pkg.old\n\n\ndef go(): return pkg.old.f()\n",
        "use.py": "import pkg\nimport pkg.start\n\n\ndef run(name): return getattr(pkg, 'old').f()\n",
    }
    applied = apply({**TREE, **tree})
    assert applied.changed == {}
    assert any("it loads pkg.old, which use.py:5 takes" in skipped for skipped in applied.skipped)


def test_so_does_an_import_by_name(apply):
    source = (
        "from importlib import import_module\nimport pkg\n\n\n"
        "def load(name): return import_module(f'other.{name}')\n\n\n"
        "def run(name):\n    import_module('pkg.old')\n    return getattr(pkg, 'old').f()\n"
    )
    assert apply({**TREE, "pkg/__init__.py": "", "use.py": source}).changed == {}


OWN = {
    "an import of its own": "import pkg\nfrom pkg.old import f\n\n\ndef run(name):\n",
    "an import in a function": "def run(name):\n    import pkg\n    from pkg.old import f\n\n    f()\n",
    "one in another function": (
        "import pkg\n\n\ndef load():\n    from pkg.old import f\n\n    return f()\n\n\n"
        "def run(name):\n    load()\n"
    ),
}


@pytest.mark.parametrize("source", OWN.values(), ids=OWN)
def test_so_does_that_of_the_user(apply, source):
    use = f"{source}    pkg.old.f = lambda: 1\n    return pkg.old.f()\n"
    assert apply({**TREE, "pkg/__init__.py": "", "use.py": use}).changed == {}


def test_so_does_one_outside_of_the_package_that_the_user_loads(apply):
    tree = {
        **TREE,
        "pkg/__init__.py": "",
        "app.py": "from pkg.old import f\n\n\ndef go(): return f()\n",
        "job.py": "from pkg.old import f\n\n\ndef go(): return f()\n",
        "late.py": "from pkg.old import f\n\n\ndef go(): return f()\n",
        "use.py": "",
        "test_use.py": (
            "import app\nimport job\nimport pkg\n\n\n"
            "def test_same(): assert pkg.old.f is app.f and job.go() == 1\n"
        ),
    }
    applied = apply(tree)
    assert set(applied.changed) == {"job.py", "late.py"}
    assert any("it loads pkg.old, which test_use.py:6" in told for told in applied.skipped)


def test_all_of_these_stay_though_one_of_them_stays_anyway(apply):
    tree = {
        **TREE,
        "pkg/__init__.py": "",
        "app.py": "from pkg.old import f\n\n\ndef go(): return f()\n",
        "held.py": "from pkg.old import f, missing\n",
        "main.py": "import app\nimport use\n\n\ndef main(): return use.run('f') == app.go()\n",
        "test_use.py": "import main\n\n\ndef test_main(): assert main.main()\n",
    }
    assert apply(tree).changed == {}


def test_all_that_may_load_it_before_stay_where_its_user_loads_none(apply):
    tree = {
        **TREE,
        "pkg/__init__.py": "",
        "app.py": "from pkg.old import f\n\n\ndef go(): return f()\n",
        "main.py": "import app\nimport use\n\n\ndef main(): return use.run('f') == app.go()\n",
        "test_use.py": "from pkg.old import f\nimport use\n\n\ndef test_run(): assert use.run('f') == f()\n",
    }
    assert apply(tree).changed == {}
    tree["use.py"] = tree["use.py"].replace("import pkg", "import pkg.old")
    assert set(apply(tree).changed) == {"app.py", "test_use.py"}


BEFORE = {
    "by the package around the user": {
        "app/__init__.py": "from . import start\n",
        "app/use.py": TREE["use.py"],
        "test_use.py": TREE["test_use.py"].replace("import use", "from app import use"),
    },
    "by who loads the user": {
        "app/__init__.py": "",
        "use.py": TREE["use.py"],
        "test_use.py": TREE["test_use.py"].replace("import use", "import app.start\nimport use"),
    },
}


@pytest.mark.parametrize("files", BEFORE.values(), ids=BEFORE)
def test_so_does_one_that_is_executed_before_the_user(apply, files):
    tree = {k: v for k, v in TREE.items() if k.endswith(("home.py", "old.py"))}
    start = {"pkg/__init__.py": "", "app/start.py": "from pkg.old import f\n\nX = f()\n"}
    assert apply({**tree, **start, **files}).changed == {}


def test_so_does_that_of_a_module_below_it(apply):
    tree = {
        "lib/home.py": "def f(): return 1\n",
        "pkg/__init__.py": "",
        "pkg/old/__init__.py": '"""Deprecated."""\nfrom lib.home import f\n',
        "pkg/old/sub.py": '"""Deprecated."""\nfrom lib.home import f\n',
        "use.py": "import pkg\nfrom pkg.old.sub import f\n\n\ndef run(name): return f(), vars(pkg.old)\n",
    }
    assert apply(tree).changed == {}


def test_a_patch_stays_with_the_late_import_that_stays_for_a_use(apply):
    use = (
        "def late():\n    from pkg.old import f\n\n    return f()\n\n\n"
        "def run(name):\n    import pkg\n\n    late()\n    pkg.old.g = 1\n    return pkg.old.g\n"
    )
    test = (
        "from unittest.mock import patch\nimport use\n\n\ndef test_run():\n"
        "    with patch('pkg.old.f', return_value=2): assert use.late() == 2\n"
        "    assert use.run('f') == 1\n"
    )
    tree = {**TREE, "pkg/__init__.py": "", "use.py": use, "test_use.py": test}
    assert apply(tree).changed == {}


MOVES = {
    "what is taken from the package has another name": {
        "pkg/__init__.py": "new = 1\n",
        "pkg/start.py": "import pkg.old\n\n\ndef go(): return pkg.old.f()\n",
        "use.py": "import pkg.start\n\n\ndef run(name): return getattr(pkg, 'new')\n",
    },
    "who takes a name of it moves": {
        "use.py": "import pkg\n\n\ndef run(name): return pkg.old.f() + pkg.X - 1\n"
    },
    "who uses it imports it": {
        "use.py": "import pkg.old\n\n\ndef run(name): return getattr(pkg.old, name)()\n"
    },
    "another import of it stays": {
        "pkg/sub.py": "import pkg.old as old\n\nHAS = 'f' in vars(old)\n",
        "pkg/__init__.py": "import pkg.sub\nfrom pkg.old import f\n\nX = f()\n",
    },
}


@pytest.mark.parametrize("files", MOVES.values(), ids=MOVES)
def test_else_it_moves(apply, files):
    tree = {**TREE, "pkg/__init__.py": LOADS["name"], **files}
    init = apply(tree)["pkg/__init__.py"]
    assert init == tree["pkg/__init__.py"].replace("pkg.old", "lib.home")


def test_that_of_the_user_moves_where_the_package_loads_it(apply):
    tree = {
        **TREE,
        "pkg/__init__.py": "import pkg.old\n\npkg.old.extra = 1\n",
        "use.py": "import pkg\nfrom pkg.old import f\n\n\ndef run(name): return pkg.old.extra * f()\n",
    }
    assert "from lib.home import f" in apply(tree)["use.py"]


def test_an_import_that_no_package_runs_moves(apply):
    tree = {
        **TREE,
        "pkg/__init__.py": "def get():\n    from pkg.old import f\n\n    return f()\n",
        "test_use.py": "",
    }
    assert "lib.home" in apply(tree)["pkg/__init__.py"]
