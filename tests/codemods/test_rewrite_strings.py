"""Strings that name a shim: they move where something shows that they are references."""

import pytest

# In a test file, behind `from unittest import mock` and a user that looks f up in the shim late.
HEAD = (
    "import importlib\nimport sys\nfrom unittest import mock\nfrom unittest.mock import patch\n\n\n"
)
CASES = {
    "patch as a decorator": "@mock.patch('lib.old.f')\ndef test_a(fake): pass",
    "patch by its own name": '@patch("lib.old.f", return_value=1)\ndef test_a(fake): pass',
    "patch as a context manager": "def test_a():\n    with mock.patch('lib.old.f') as fake: pass",
    "patch started by hand": "def test_a():\n    p = patch('lib.old.f')\n    p.start()\n    p.stop()",
    "patch of an attribute of a name": "@patch('lib.old.Thing.make')\ndef test_a(fake): pass",
    "patch.dict": "@patch.dict('lib.old.f.__dict__')\ndef test_a(): pass",
    "a stack of patches": "@patch('lib.old.f')\n@patch('lib.old.g')\ndef test_a(one, two): pass",
    "patch.multiple": "@patch.multiple('lib.old', f=1, g=2)\ndef test_a(): pass",
    "patch.multiple with DEFAULT": "@patch.multiple('lib.old', create=True, f=mock.DEFAULT)\ndef test_a(f): pass",
    "target as a keyword": "def test_a():\n    with patch(target='lib.old.f'): pass",
    "a constant that is only patched": "TARGET = 'lib.old.f'\ndef test_a():\n    with patch(TARGET): pass",
    "mocker.patch": "def check(mocker): mocker.patch('lib.old.f')",
    "monkeypatch.setattr": "def check(monkeypatch): monkeypatch.setattr('lib.old.f', 1)",
    "monkeypatch.delattr": "def check(monkeypatch): monkeypatch.delattr('lib.old.f')",
    "monkeypatch.setattr, raising": 'def check(monkeypatch): monkeypatch.setattr("lib.old.LIMIT", 1, raising=False)',
    "a triple-quoted target": "@mock.patch('''lib.old.f''')\ndef test_a(fake): pass",
    "a raw string": "@mock.patch(r'lib.old.f')\ndef test_a(fake): pass",
}


@pytest.mark.parametrize("source", CASES.values(), ids=CASES)
def test_a_patch_target_names_the_home(rewrite, source):
    source = HEAD + source + "\n"
    assert rewrite(source, path="test_app.py", tests=True) == source.replace("lib.old", "lib.home")


def test_patches_of_several_homes_go_where_each_belongs(rewrite):
    before = HEAD + "@patch('lib.old.f')\n@patch('lib.old.h')\ndef test_a(h, f): pass\n"
    assert rewrite(before, path="test_app.py", tests=True) == before.replace(
        "lib.old.f", "lib.home.f"
    ).replace("lib.old.h", "lib.other.h")


OBJECTS = {
    "patch.object": (
        "import lib.old\ndef test_a():\n    with patch.object(lib.old, 'f'): pass",
        "import lib.home\ndef test_a():\n    with patch.object(lib.home, 'f'): pass",
    ),
    "patch.object of a module under a name": (
        "from lib import old\n@patch.object(old, 'f')\ndef test_a(fake): old.g()",
        "from lib import home as old\n@patch.object(old, 'f')\ndef test_a(fake): old.g()",
    ),
    "patch.object, two homes": (
        "from lib import old\n@patch.object(old, 'f')\n@patch.object(old, \"h\")\ndef test_a(h, f): pass",
        "from lib import home, other\n@patch.object(home, 'f')\n@patch.object(other, \"h\")\ndef test_a(h, f): pass",
    ),
    "monkeypatch.setattr with a module": (
        "import lib.old as o\ndef check(monkeypatch): monkeypatch.setattr(o, 'f', 1)",
        "import lib.home as o\ndef check(monkeypatch): monkeypatch.setattr(o, 'f', 1)",
    ),
    "getattr with a literal": (
        "import lib.old as o\ndef probe(): return getattr(o, 'f')(), hasattr(o, 'g')",
        "import lib.home as o\ndef probe(): return getattr(o, 'f')(), hasattr(o, 'g')",
    ),
}


@pytest.mark.parametrize("before, after", OBJECTS.values(), ids=OBJECTS)
def test_a_name_in_a_string_beside_the_module_moves_with_it(rewrite, before, after):
    assert rewrite(f"{HEAD}{before}\n", path="test_app.py", tests=True) == f"{HEAD}{after}\n"


def test_a_renamed_name_is_renamed_in_the_string(apply):
    tree = {
        "home.py": "def new(): return 1\n",
        "old.py": "from home import new as a\n",
        "test_app.py": HEAD + "import old\n@patch('old.a')\ndef test_a(x): pass\n"
        "def test_b():\n    with patch.object(old, 'a'): pass\n",
    }
    assert apply(tree, tests=True)["test_app.py"] == tree["test_app.py"].replace(
        "import old", "import home"
    ).replace("old.a", "home.new").replace("(old, 'a')", "(home, 'new')")


ONE_HOME = {
    "one/__init__.py": "",
    "one/home.py": "def run(): return 'run'\n",
    "one/old.py": '"""Deprecated."""\nfrom one.home import run\n',
}
MODULES = {
    "import_module": (
        "o = importlib.import_module('flat_old')\ndef probe(): return o.run()",
        "o = importlib.import_module('flat_home')\ndef probe(): return o.run()",
    ),
    "import_module and a name at once": (
        "def probe(): return importlib.import_module('flat_old').run()",
        "def probe(): return importlib.import_module('flat_home').run()",
    ),
    "__import__": (
        "def probe(): return __import__('flat_old').run()",
        "def probe(): return __import__('flat_home').run()",
    ),
    "__import__ of a module in a package, with names to take": (
        "def probe(): return __import__('one.old', fromlist=['run']).run()",
        "def probe(): return __import__('one.home', fromlist=['run']).run()",
    ),
    "__import__ for what it does": (
        "def probe(): __import__('one.old')",
        "def probe(): __import__('one.home')",
    ),
    "pytest.importorskip": (
        "def check(pytest):\n    o = pytest.importorskip('flat_old')\n    return o.run()",
        "def check(pytest):\n    o = pytest.importorskip('flat_home')\n    return o.run()",
    ),
    "sys.modules": (
        "def check(): return sys.modules['flat_old']",
        "def check(): return sys.modules['flat_home']",
    ),
    "sys.modules.get": (
        "def check(): return sys.modules.get('flat_old')",
        "def check(): return sys.modules.get('flat_home')",
    ),
    "patch.dict of sys.modules": (
        "@patch.dict(sys.modules, {'flat_old': None})\ndef check(): pass",
        "@patch.dict(sys.modules, {'flat_home': None})\ndef check(): pass",
    ),
    "a Hydra _target_": (
        "X = {'_target_': 'lib.old.Thing', 'size': 1}",
        "X = {'_target_': 'lib.home.Thing', 'size': 1}",
    ),
}


@pytest.mark.parametrize("before, after", MODULES.values(), ids=MODULES)
def test_a_module_named_in_a_string_is_the_home(apply, library, before, after):
    tree = {**library, **ONE_HOME, "app.py": f"{HEAD}{before}\n"}
    assert apply(tree)["app.py"] == f"{HEAD}{after}\n"


PACKAGES = {
    "an attribute of it": "def probe(): return __import__('one.old').old.run()",
    "it is handed on": "def probe(find): return find(__import__('one.old', globals()))",
    "it has a name": "def probe():\n    one = __import__('one.old')\n    return one.old.run()",
}


@pytest.mark.parametrize("source", PACKAGES.values(), ids=PACKAGES)
def test_a_call_of_import_that_gives_the_package_is_left_alone_and_told(apply, library, source):
    done = apply({**library, **ONE_HOME, "app.py": f"{source}\n"})
    assert done.changed == {}
    assert any("gives the package" in str(skipped) for skipped in done.skipped)


BY_PACKAGE = {
    "getattr": "getattr(one, 'old').run()",
    "attrgetter": "attrgetter('old.run')(one)()",
    "attrgetter of the module": "attrgetter('old')(one).run()",
}


@pytest.mark.parametrize("taken", BY_PACKAGE.values(), ids=BY_PACKAGE)
@pytest.mark.parametrize("loads", ["import one.old\n", "import one\nfrom one.old import run\n"])
def test_an_import_stays_that_loads_what_the_file_takes_from_the_package_by(apply, loads, taken):
    app = f"from operator import attrgetter\n{loads}\ndef probe(): return {taken}\n"
    use = "def test_probe():\n    import app\n    assert app.probe() == 'run'\n"
    done = apply({**ONE_HOME, "app.py": app, "test_app.py": use}, tests=True)
    assert done.changed == {}


def test_an_import_stays_that_loads_what_is_taken_from_the_package_of_its_package(apply):
    app = (
        "from operator import attrgetter\nimport top.one.old\n\n"
        "def probe(): return attrgetter('one.old.run')(top)(), top.one.old.run()\n"
    )
    tree = {f"top/{path}": text.replace("one.", "top.one.") for path, text in ONE_HOME.items()}
    done = apply({**tree, "top/__init__.py": "", "app.py": app})
    assert done.changed == {}
    assert any("line 4 takes from its package" in str(skipped) for skipped in done.skipped)


NO_PACKAGE = {
    "a sort": "sorted(x, key=attrgetter('old'))",
    "something else": "getattr(x, 'old'), attrgetter('old.run')(x)",
    "a longer name": "attrgetter('one.older.run')(x)",
}


@pytest.mark.parametrize("code", NO_PACKAGE.values(), ids=NO_PACKAGE)
def test_an_import_moves_beside_a_string_that_names_an_attribute_of(apply, code):
    app = f"from operator import attrgetter\nfrom one.old import run\n\ndef f(x): return {code}, run\n"
    done = apply({**ONE_HOME, "app.py": app})
    assert done["app.py"] == app.replace("one.old import", "one.home import")


TOLD = {
    "import_module of a module with two homes": "importlib.import_module('lib.old')",
    "a log message": "print('see lib.old.f')",
    "a dotted string nothing is done with": "X = 'lib.old.f'",
    "a list of dotted strings": "X = ['lib.old.f', 'lib.old']",
    "a concatenation": "@patch('lib.old' '.f')\ndef check(x): pass",
    "a patch of the whole module": "@patch('lib.old')\ndef check(x): pass",
    "patch.multiple over two homes": "@patch.multiple('lib.old', f=1, h=2)\ndef check(): pass",
    "sys.modules of a module with two homes": "def check(): return sys.modules['lib.old']",
}


@pytest.mark.parametrize("source", TOLD.values(), ids=TOLD)
def test_what_cannot_be_proved_is_left_alone_and_told(left_alone, source):
    assert left_alone(f"{HEAD}{source}\n") != []


UNSEEN = {
    "an f-string": "x = 'old'\nimportlib.import_module(f'lib.{x}')",
    "a sum": "importlib.import_module('lib.' + 'old')",
    "a format": "importlib.import_module('lib.%s' % 'old')",
    "a relative import by name of a module with two homes": (
        "def check(): return importlib.import_module('.old', 'lib')"
    ),
}


@pytest.mark.parametrize("source", UNSEEN.values(), ids=UNSEEN)
def test_names_built_at_run_time_are_left_alone(rewrite, source):
    source = f"{HEAD}{source}\n"
    assert rewrite(source) == source


RELATIVE = {
    "in the package": ("one/use.py", "importlib.import_module('.old', __package__).run()"),
    "by keyword": ("one/use.py", "importlib.import_module('.old', package=__package__).run()"),
    "by a literal": ("use.py", "importlib.import_module('.old', 'one').run()"),
    "of a module": ("one/use.py", "importlib.import_module('.old', __spec__.parent).run()"),
    "in its __init__": ("one/__init__.py", "importlib.import_module('.old', __name__).run()"),
    "from below": ("one/sub/use.py", "importlib.import_module('..old', __package__).run()"),
}


@pytest.mark.parametrize("path, code", RELATIVE.values(), ids=RELATIVE)
def test_a_relative_import_by_name_moves_and_stays_relative(apply, path, code):
    source = f"import importlib\n\ndef probe(): return {code}\n"
    done = apply({**ONE_HOME, "one/sub/__init__.py": "", path: source})
    assert done[path] == source.replace("old", "home")


def test_what_a_relative_import_by_name_is_bound_to_moves_with_its_uses(apply):
    source = (
        "import importlib\n\no = importlib.import_module('.old', __package__)\n\n"
        "def probe(): return o.run()\n"
    )
    done = apply({**ONE_HOME, "one/use.py": source})
    assert done["one/use.py"] == source.replace("old", "home")


def test_a_relative_import_by_name_of_a_module_with_a_home_elsewhere_becomes_absolute(apply):
    files = {**ONE_HOME, "two/__init__.py": "", "two/old.py": ONE_HOME["one/old.py"]}
    source = "import importlib\n\ndef probe(): return importlib.import_module('.old', __package__).run()\n"
    done = apply({**files, "two/use.py": source})
    assert done["two/use.py"] == source.replace(".old", "one.home")


UNTOLD = {
    "without a package": ("one/use.py", "importlib.import_module('.old').run()"),
    "of what only a run tells": ("one/use.py", "importlib.import_module('.old', base).run()"),
    "of a module that is no package": ("one/use.py", "importlib.import_module('.old', __name__)"),
    "of what lies above all packages": ("use.py", "importlib.import_module('.old', __package__)"),
}


@pytest.mark.parametrize("path, code", UNTOLD.values(), ids=UNTOLD)
def test_a_relative_import_by_name_is_left_alone(apply, path, code):
    source = f"import importlib\n\ndef check(base): return {code}\n"
    assert apply({**ONE_HOME, path: source})[path] == source


LONGER = [
    "lib.olden.f",
    "lib.old_utils.f",
    "xlib.old.f",
    "deployment.lib.old.f",
    "flat_old_2.run",
    "my_flat_old.run",
    "lib-old.f",
]


@pytest.mark.parametrize("target", LONGER)
def test_a_longer_name_is_another_name(left_alone, target):
    assert left_alone(f"{HEAD}def check(mocker): mocker.patch('{target}')\n") == []


DOCS = {
    "a literal": (
        '"""See ``lib.old.f`` and ``lib.old.f()``."""',
        '"""See ``lib.home.f`` and ``lib.home.f()``."""',
    ),
    "a literal of Markdown": (
        '"""See `lib.old.Thing.make`."""',
        '"""See `lib.home.Thing.make`."""',
    ),
    "a Sphinx role": (
        '"""See :func:`lib.old.f` and :class:`~lib.old.Thing`."""',
        '"""See :func:`lib.home.f` and :class:`~lib.home.Thing`."""',
    ),
    "a role with a title": (
        '"""See :py:func:`the f <lib.old.f>`."""',
        '"""See :py:func:`the f <lib.home.f>`."""',
    ),
    "a doctest's import": (
        '"""Doc.\n\n>>> from lib.old import f, h\n>>> f()\n\'f\'\n"""',
        '"""Doc.\n\n>>> from lib.home import f; from lib.other import h\n>>> f()\n\'f\'\n"""',
    ),
    "a doctest's attribute": (
        '"""Doc.\n\n>>> import lib\n>>> lib.old.f()\n\'f\'\n"""',
        '"""Doc.\n\n>>> import lib\n>>> lib.home.f()\n\'f\'\n"""',
    ),
}


@pytest.mark.parametrize("before, after", DOCS.values(), ids=DOCS)
def test_references_in_docstrings_name_the_home(rewrite, before, after):
    for head in ("", "def m():\n    ", "class A:\n    "):
        assert rewrite(f"{head}{before}\n") == f"{head}{after}\n"


# A package that is a shim, hands a module on, and has a module of its own.
PACKAGE = {
    "lib/__init__.py": "",
    "lib/home.py": "def f(): pass\n",
    "lib/other.py": "",
    "pkg/__init__.py": '"""Deprecated: use lib."""\nfrom lib import other\nfrom lib.home import f\n',
    "pkg/part.py": "def g(): pass\n",
}


@pytest.mark.parametrize(
    ("names", "reason"),
    [("f, part", "part stays in pkg"), ("other, part", "other is a module")],
)
def test_a_doctest_that_also_imports_a_module_stays_whole(apply, names, reason):
    code = f'"""Doc.\n\n>>> from pkg import {names}\n"""\n'
    done = apply({**PACKAGE, "app.py": f"{code}from pkg import f\nf()\n"})
    assert done["app.py"] == f"{code}from lib.home import f\nf()\n"
    assert any(reason in str(skipped) for skipped in done.skipped)


def test_a_doctest_that_imports_only_a_module_of_the_package_is_no_reference(apply):
    code = '"""Doc.\n\n>>> from pkg import part\n"""\n'
    done = apply({**PACKAGE, "app.py": code})
    assert (done.changed, done.skipped) == ({}, [])


def test_running_text_of_a_docstring_is_left_alone(left_alone):
    assert left_alone('"""lib.old was here, and flat_old; see lib.old.f."""\nx = 1\n') == []


QUOTED_AND_LEFT = {
    "what tells of a change": '"""``lib.old.f`` is deprecated."""',
    "what names both": '"""``lib.old.f`` is ``lib.home.f``."""',
    "a longer name": '"""``lib.older.f`` and ``x.lib.old.f``."""',
    "more than a name": '"""``lib.old.f(1)`` and ``import lib.old``."""',
    "a module with several homes": '"""See ``lib.old``."""',
}


@pytest.mark.parametrize("text", QUOTED_AND_LEFT.values(), ids=QUOTED_AND_LEFT)
def test_a_docstring_stays_with(left_alone, text):
    assert left_alone(f"{text}\nx = 1\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "See :func:`lib.old.f`.",
        "See :mod:`lib.old`.",
        "See ``lib.old.f()``.",
        "Do it.\n\n>>> from lib.old import f\n",
        "Do it.\n\n>>> lib.old.f()\n",
    ],
)
@pytest.mark.parametrize("reader", ["lib/app.py", "lib/_impl/jobs.py"])
def test_a_docstring_tells_nobody_of_a_private_home(apply, text, reader):
    tree = {
        "lib/__init__.py": "",
        "lib/_impl/__init__.py": "",
        "lib/_impl/core.py": "def f(): pass\n",
        "lib/old.py": "# Deprecated.\nfrom lib._impl.core import f\n",
    }
    done = apply({**tree, reader: f'"""{text}"""\nfrom lib.old import f\n\nf()\n'})
    assert done[reader] == f'"""{text}"""\nfrom lib._impl.core import f\n\nf()\n'
    assert "lib._impl.core is private, and lib.old is not" in str(done.skipped)


def test_a_docstring_of_a_private_shim_tells_of_its_private_home(apply):
    tree = {
        "_lib/__init__.py": "",
        "_lib/core.py": "def f(): pass\n",
        "_lib/old.py": "# Deprecated.\nfrom _lib.core import f\n",
    }
    done = apply({**tree, "app.py": '"""See :func:`_lib.old.f`."""\n'})
    assert done["app.py"] == '"""See :func:`_lib.core.f`."""\n'


def test_a_shim_still_says_what_it_was(apply, library):
    shim = '"""As ``lib.old.f``."""\nimport warnings\nfrom lib.home import f\nwarnings.warn("no", DeprecationWarning)\n'
    assert apply({**library, "lib/older.py": shim}).changed == {}


def test_a_module_that_is_to_be_loaded_again_stays_and_is_told(apply, library):
    code = "import sys\n\ndef check(): return sys.modules.pop('flat_old', None)\n"
    done = apply({**library, "app.py": code})
    assert done["app.py"] == code
    assert any("loaded again" in str(skipped) for skipped in done.skipped)


@pytest.mark.parametrize("taken", ["sys.modules['lib.old']", "sys.modules.get('lib.old')"])
def test_an_import_stays_that_loads_what_is_taken_from_sys_modules(left_alone, taken):
    answers = left_alone(
        f"import sys\nfrom lib.old import f\n\ndef probe(): return {taken}.h(), f\n"
    )
    assert "2: lib.old.f: it loads what line 4 takes from sys.modules" in answers


def test_one_import_that_stays_loads_it_for_all(rewrite):
    source = (
        "import sys\nfrom lib.old import f\nimport lib.old\n\n"
        "def probe(): return sys.modules['lib.old'].h(), f(), [lib.old][0].h()\n"
    )
    assert rewrite(source) == source.replace("lib.old import", "lib.home import")


def test_an_import_that_stays_in_another_function_loads_it_too_late(rewrite):
    source = (
        "import sys\nfrom lib.old import f\n\n"
        "def probe(): return sys.modules['lib.old'].h(), f()\n\n"
        "def late():\n    import lib.old\n\n    return [lib.old]\n"
    )
    assert rewrite(source) == source


OTHER_ENTRIES = {
    "one that moves as well": (
        "import flat_old\n\ndef probe(): return sys.modules['flat_old'].run()\n",
        "import flat_home\n\ndef probe(): return sys.modules['flat_home'].run()\n",
    ),
    "one that is put there": (
        "from lib.old import f\n\ndef probe(): sys.modules['lib.old'] = sys\n",
        "from lib.home import f\n\ndef probe(): sys.modules['lib.old'] = sys\n",
    ),
    "one of another module": (
        "from lib.old import f\n\ndef probe(): return sys.modules['flat_old'].run, f\n",
        "from lib.home import f\n\ndef probe(): return sys.modules['flat_home'].run, f\n",
    ),
}


@pytest.mark.parametrize(("source", "result"), OTHER_ENTRIES.values(), ids=OTHER_ENTRIES)
def test_imports_move_beside_other_entries_of_sys_modules(rewrite, source, result):
    assert rewrite(f"import sys\n{source}", same=False) == f"import sys\n{result}"
