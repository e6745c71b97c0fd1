"""Imports that load more than what is taken from them."""

import pytest

TREE = {
    "registry.py": "TABLE = []\ndef register(f):\n    TABLE.append(f)\n    return f\n",
    "pkg/__init__.py": "",
    "pkg/a.py": "def a(): return 1\n",
    "pkg/b.py": "from registry import register\n@register\ndef b(): return 2\n",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.a import a\nfrom pkg.b import b\n',
    "use.py": "import registry\nfrom pkg.old import a\n\nX = a(), len(registry.TABLE)\n",
}


def test_it_stays_where_the_effect_would_be_lost(apply):
    applied = apply(TREE)
    assert applied.changed == {}
    assert any("it also loads pkg/b.py" in skipped for skipped in applied.skipped)


def test_a_module_that_loads_the_tables_of_a_base_stays(apply):
    base = "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n"
    table = "from db.base_class import Base\nclass Item(Base):\n    __tablename__ = 'item'\n"
    files = {
        "db/__init__.py": "", "db/base_class.py": base, "models/__init__.py": "",
        "models/item.py": table,
        "db/base.py": "from db.base_class import Base\nfrom models.item import Item\n",
        "make.py": "from db.base import Base\n\ndef make(engine): Base.metadata.create_all(engine)\n",
    }  # fmt: skip
    assert apply(files).changed == {}


@pytest.mark.parametrize(
    "use",
    [
        "import registry\nimport pkg.old\n\nX = pkg.old.a(), len(registry.TABLE)\n",
        "import registry\nfrom pkg import old\n\nX = old.a(), len(registry.TABLE)\n",
        "import registry\n\ndef x():\n    from pkg.old import a\n    return a(), registry.TABLE\n",
    ],
)
def test_so_it_does_however_it_is_written(apply, use):
    assert apply({**TREE, "use.py": use}).changed == {}


def test_the_effects_of_the_package_around_it_count(apply):
    tree = {
        **TREE,
        "pkg/b.py": "def b(): return 2\n",
        "old/__init__.py": "import registry\nregistry.register(len)\n",
        "old/mod.py": '"""Deprecated."""\nfrom pkg.a import a\n',
        "use.py": "import registry\nfrom old.mod import a\n\nX = a(), len(registry.TABLE)\n",
    }
    assert "use.py" not in apply(tree).changed


def test_an_unsafe_run_moves_it_and_says_what_is_lost(apply):
    applied = apply(TREE, unsafe=True)
    assert applied["use.py"].startswith("import registry\nfrom pkg.a import a\n")


@pytest.mark.parametrize(
    "use",
    [
        "import pkg\nfrom pkg.old import a\n\nX = a(), pkg.c.c()\n",
        "import pkg\nimport pkg.old\n\nX = pkg.old.a(), pkg.c.c()\n",
        "import pkg\nfrom pkg.old import a\n\ndef x(): return a(), getattr(pkg, 'c').c()\n",
    ],
)
def test_it_stays_where_a_module_would_be_missed_in_its_package(apply, use):
    tree = {
        "pkg/a.py": TREE["pkg/a.py"],
        "pkg/__init__.py": "",
        "pkg/c.py": "def c(): return 3\n",
        "pkg/old.py": '"""Deprecated."""\nfrom pkg.a import a\nfrom pkg.c import c\n',
        "use.py": use,
    }
    applied = apply(tree)
    assert "use.py" not in applied.changed
    line = use.count("\n")
    why = f"it also loads pkg/c.py, which line {line} takes from its package"
    assert any(why in skipped for skipped in applied.skipped)


def test_so_it_does_where_the_package_around_it_loads_that(apply):
    tree = {
        "pkg/__init__.py": "",
        "pkg/a.py": TREE["pkg/a.py"],
        "pkg/c.py": "def c(): return 3\n",
        "old/__init__.py": "import pkg.c\n",
        "old/mod.py": '"""Deprecated."""\nfrom pkg.a import a\n',
        "use.py": "import pkg\nfrom old.mod import a\n\nX = a(), pkg.c.c()\n",
    }
    assert "use.py" not in apply(tree).changed


def test_the_packages_on_the_way_to_it_are_not_missed(apply):
    tree = {
        "pkg/__init__.py": "",
        "pkg/a.py": TREE["pkg/a.py"],
        "pkg/sub/__init__.py": "",
        "pkg/sub/old.py": '"""Deprecated."""\nfrom pkg.a import a\n',
        "start.py": "import pkg.sub.old\nimport use\n\nX = pkg.sub.old.a(), use.x()\n",
        "use.py": "import pkg\n\n\ndef x(): return pkg.sub.old.a()\n",
    }
    assert set(apply(tree).changed) == {"start.py", "use.py"}


MOVES = {
    "a module is taken from its package that the file imports": {
        "pkg/b.py": "def b(): return 2\n",
        "use.py": "import pkg.b\nfrom pkg.old import a\n\nX = a(), pkg.b.b()\n",
    },
    "a module is taken from its package that this imports": {
        "pkg/b.py": "def b(): return 2\n",
        "pkg/__init__.py": "import pkg.b\n",
        "use.py": "import pkg\nfrom pkg.old import a\n\nX = a(), pkg.b.b()\n",
    },
    "a name of the package itself is taken": {
        "pkg/b.py": "def b(): return 2\n",
        "pkg/__init__.py": "VERSION = '1'\n",
        "use.py": "import pkg\nfrom pkg.old import a\n\nX = a(), pkg.VERSION\n",
    },
    "what is taken is no module": {
        "pkg/b.py": "def b(): return 2\n",
        "use.py": "from pkg.old import a\n\ndef x(pkg): return a(), pkg.b.b()\n",
    },
    "nothing is done when they are loaded": {"pkg/b.py": "def b(): return 2\n"},
    "both are taken": {"use.py": "from pkg.old import a, b\n\nX = a(), b()\n"},
    "it is loaded by another import": {
        "use.py": "import pkg.b\nfrom pkg.old import a\n\nX = a()\n",
    },
    "an attribute is asked for of who knows what": {
        "pkg/b.py": "def b(): return 2\n",
        "use.py": "import pkg\nfrom pkg.old import a\n\ndef x(**k): return a(), getattr(**k)\n",
    },
    "the home loads it": {"pkg/a.py": "import pkg.b\ndef a(): return 1\n"},
    "the package around the user loads it": {
        "app/__init__.py": "import pkg.b\n",
        "app/use.py": "from pkg.old import a\n\nX = a()\n",
        "use.py": "",
    },
    "the package around the home does it": {
        "pkg/__init__.py": "import registry\nregistry.register(len)\n",
        "pkg/b.py": "def b(): return 2\n",
    },
}


@pytest.mark.parametrize("files", MOVES.values(), ids=MOVES)
def test_who_loses_nothing_moves(apply, files):
    path = "app/use.py" if "app/use.py" in files else "use.py"
    assert "pkg.old" not in apply({**TREE, **files})[path]
