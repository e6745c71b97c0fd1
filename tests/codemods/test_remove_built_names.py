"""A shim stays as long as something may import it by a name that is put together."""

import pytest

BOTH = ("rewrite-imports", "remove-shims")
TREE = {
    "pkg/__init__.py": "",
    "pkg/home.py": "def a(): return 'a'\n",
    "pkg/old.py": "from pkg.home import a\n",
    "app.py": "from pkg.old import a\n\ndef probe(): return a()\n",
}
LOAD = "from importlib import import_module\ndef load(name): return import_module({})\n"
MAY_IMPORT = {
    "an f-string": LOAD.format('f"pkg.{name}"'),
    "a part of the name": LOAD.format('f"pkg.o{name}d"'),
    "a sum": LOAD.format("'pkg.' + name"),
    "percent": LOAD.format("'pkg.%s' % name"),
    "percent with digits": LOAD.format("'pkg.%03d%-3sd' % (name, name)"),
    "format": LOAD.format("'pkg.{}'.format(name)"),
    "join": LOAD.format("'.'.join(['pkg', name])"),
    "a relative name": LOAD.format("f'.{name}', 'pkg'"),
    "a relative name of anything": LOAD.format("f'.ol{name}', name"),
    "a keyword": LOAD.format("name='.ol' + name, package=name"),
    "a constant": "BASE = 'pkg'\n" + LOAD.format('f"{BASE}.{name}"'),
    "the name of a package": "import pkg\n" + LOAD.format('f"{pkg.__name__}.{name}"'),
    "a run": "import runpy\ndef run(name): runpy.run_module(f'pkg.{name}')\n",
    "a target": "from unittest import mock\ndef stub(name): return mock.patch(f'pkg.{name}.a')\n",
    "a loop over several": (
        "from importlib import import_module\n"
        "def load(): return [import_module(f'pkg.{n}d') for n in ('ol', 'col')]\n"
    ),
}


@pytest.mark.parametrize("source", MAY_IMPORT.values(), ids=MAY_IMPORT)
def test_a_built_name_that_may_be_its_own_keeps_it(apply, source):
    applied = apply({**TREE, "loads.py": source}, *BOTH)
    assert applied.removed == []
    kept = "may import it, by a name that is built"
    assert any("kept: loads.py:" in line and kept in line for line in applied.skipped)


@pytest.mark.parametrize("name", ["__package__", "__spec__.parent", "__name__"])
def test_a_package_may_build_the_names_of_its_modules(apply, name):
    source = LOAD.format(f'f"{{{name}}}.{{name}}"')
    assert apply({**TREE, "pkg/__init__.py": source}, *BOTH).removed == []
    source = LOAD.format(f'f".{{name}}", {name}')
    assert apply({**TREE, "pkg/__init__.py": source}, *BOTH).removed == []


NEVER_IMPORTS = {
    "another package": LOAD.format('f"other.{name}"'),
    "another beginning": LOAD.format('f"pkg.new_{name}"'),
    "a package below": LOAD.format('f"pkg.steps.{name}"'),
    "another end": LOAD.format('f"pkg.{name}_step"'),
    "nothing that is told": LOAD.format('f"{name}.{name}"'),
    "any module": LOAD.format("name"),
    "a name of another function": "def load(name): return open(f'pkg.{name}')\n",
    "a target elsewhere": (
        "from unittest import mock\ndef stub(name): return mock.patch(f'pkg.home.{name}')\n"
    ),
    "a loop over others": (
        "from importlib import import_module\n"
        "def load(): return [import_module(f'pkg.{n}') for n in ('home', 'more')]\n"
    ),
    "another relative name": LOAD.format("f'.{name}', 'other'"),
}


@pytest.mark.parametrize("source", NEVER_IMPORTS.values(), ids=NEVER_IMPORTS)
def test_a_built_name_of_something_else_does_not_keep_it(apply, source):
    assert apply({**TREE, "loads.py": source}, *BOTH).removed == ["pkg/old.py"]


@pytest.mark.parametrize("step, removed", [("sub.old", []), ("sub.new", ["pkg/sub/old.py"])])
def test_several_parts_that_are_not_written_must_be_said_somewhere(apply, step, removed):
    tree = {
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "",
        "pkg/sub/home.py": "def a(): return 'a'\n",
        "pkg/sub/old.py": "from pkg.sub.home import a\n",
        "app.py": "from pkg.sub.old import a\n\ndef probe(): return a()\n",
        "loads.py": LOAD.format('f"pkg.{name}"'),
        "conf.yaml": f"step: {step}\n",
    }
    assert apply(tree, *BOTH).removed == removed


def test_a_package_that_answers_for_names_is_asked_for_each_of_them(apply):
    source = (
        "import importlib\n"
        "def __getattr__(name):\n    return importlib.import_module(f'pkg.{name}')\n"
    )
    assert apply({**TREE, "pkg/__init__.py": source}, *BOTH, same=False).removed == ["pkg/old.py"]
