"""A patch target is looked up where it is used: patches and late users move together."""

import pytest

LATE = "def use():\n    from lib.old import f\n    return f()\n"
EARLY = "from lib.old import f\n\ndef use(): return f()\n"
MODULE = "import lib.old as o\n\ndef use(): return o.f()\n"


def patching(target, answer):
    return (
        "from unittest.mock import patch\nimport consumer\n\n"
        f"@patch('{target}', return_value='{answer}')\n"
        f"def test_use(fake): assert consumer.use() == '{answer}'\n"
    )


@pytest.mark.parametrize(
    "consumer", [LATE, MODULE], ids=["import in a function", "module attribute"]
)
def test_a_late_user_and_its_patch_move_together(apply, library, consumer):
    applied = apply(
        {**library, "consumer.py": consumer, "test_use.py": patching("lib.old.f", "x")}, tests=True
    )
    assert applied.changed == {
        "consumer.py": consumer.replace("lib.old", "lib.home"),
        "test_use.py": patching("lib.home.f", "x"),
    }


def test_a_patch_of_the_consumers_own_name_stays(apply, library):
    applied = apply(
        {**library, "consumer.py": EARLY, "test_use.py": patching("consumer.f", "x")}, tests=True
    )
    assert applied.changed == {"consumer.py": EARLY.replace("lib.old", "lib.home")}


def test_a_patch_that_never_reached_its_early_user_reaches_it_no_more(apply, library):
    applied = apply(
        {**library, "consumer.py": EARLY, "test_use.py": patching("lib.old.f", "f")}, tests=True
    )
    assert applied["test_use.py"] == patching("lib.home.f", "f")


def test_a_patch_through_the_consumers_module_name_follows_the_module(apply, library):
    test = patching("consumer.o.f", "x")
    applied = apply({**library, "consumer.py": MODULE, "test_use.py": test}, tests=True)
    assert applied["consumer.py"] == MODULE.replace("lib.old", "lib.home")
    assert applied["test_use.py"] == test


STUCK_PATCHES = {
    "a name made at run time": "from unittest.mock import patch\nimport lib.old\nimport consumer\n\n\ndef test_use():\n    for name in ['f']:\n        with patch.object(lib.old, name, return_value='x'): assert consumer.use() == 'x'\n",
    "a concatenated target": patching("lib.old.f", "x").replace("'lib.old.f'", "'lib.old' '.f'"),
    "a target in JSON": "import json\nfrom unittest.mock import patch\nimport consumer\n\n\ndef test_use():\n    for target in json.loads('[\"lib.old.f\"]'):\n        with patch(target, return_value='x'): assert consumer.use() == 'x'\n",
}


def test_a_longer_text_that_quotes_no_name_of_the_module_holds_nothing(apply, library):
    test = "import consumer\n\n\ndef test_use():\n    assert consumer.use(), \"'lib.old' is old, so is lib.old.f\"\n"
    applied = apply({**library, "consumer.py": LATE, "test_use.py": test})
    assert list(applied.changed) == ["consumer.py"]


@pytest.mark.parametrize("test", STUCK_PATCHES.values(), ids=STUCK_PATCHES)
def test_a_late_user_stays_when_its_patch_cannot_move(apply, library, test):
    applied = apply({**library, "consumer.py": LATE, "test_use.py": test}, tests=True)
    assert applied.changed == {}
    assert any(
        line.startswith("consumer.py:2: lib.old.f: it must move together with test_use.py")
        for line in applied.skipped
    )


def test_a_patch_stays_when_a_late_user_cannot_move(apply, library):
    stuck = "import lib.old as o\n\ndef use():\n    return [o][0].f()\n"
    applied = apply(
        {**library, "consumer.py": stuck, "test_use.py": patching("lib.old.f", "x")}, tests=True
    )
    assert applied.changed == {}
    assert len(applied.skipped) == 2


def test_users_of_other_names_move_all_the_same(apply, library):
    stuck = "from unittest.mock import patch\n\n@patch('lib.old' '.f')\ndef test_a(x): pass\n"
    late = "def use():\n    from lib.old import g\n    return g()\n"
    applied = apply({**library, "consumer.py": late, "test_use.py": stuck}, tests=True)
    assert applied.changed == {"consumer.py": late.replace("lib.old", "lib.home")}


def test_every_name_of_an_aliased_module_object_is_patched_in_its_home(apply):
    test = (
        "from unittest.mock import patch\nimport pkg\nfrom pkg import user\n\n"
        "@patch('pkg.old.json')\ndef test_a(fake):\n    user.use()\n    assert fake.dumps.called\n"
    )
    applied = apply(
        {
            "pkg/__init__.py": "",
            "pkg/new.py": "import json\ndef work(): return json.dumps(1)\n",
            "pkg/old.py": '"""Deprecated."""\nimport sys\nfrom pkg import new\nsys.modules[__name__] = new\n',
            "pkg/user.py": "import pkg.old\nfrom pkg.old import work\n\ndef use(): return work()\n",
            "test_a.py": test,
        },
        tests=True,
    )
    assert applied["test_a.py"] == test.replace("pkg.old.json", "pkg.new.json")
    assert "old" not in applied["pkg/user.py"]


def test_a_lazy_shim_is_patched_in_its_home(apply):
    late = "def use():\n    import old\n    return old.a()\n"
    applied = apply(
        {
            "home.py": "def a(): return 'a'\n",
            "old.py": "def __getattr__(name):\n    if name == 'a':\n        from home import a\n        return a\n    raise AttributeError(name)\n",
            "consumer.py": late,
            "test_use.py": patching("old.a", "x"),
        },
        tests=True,
    )
    assert applied.changed == {
        "consumer.py": late.replace("old", "home"),
        "test_use.py": patching("home.a", "x"),
    }


def test_a_renamed_factory_takes_its_patches_along(apply):
    tree = {
        "pyproject.toml": '[tool.trackfix.renames]\n"lib.client:Client" = "lib.client:create_client"\n',
        "lib/__init__.py": "",
        "lib/client.py": "class Client: pass\ndef create_client(): return Client()\n",
        "consumer.py": "from lib.client import Client\n\ndef use(): return Client()\n",
        "test_use.py": patching("consumer.Client", "x"),
    }
    applied = apply(tree, tests=True, same=False)
    assert applied["test_use.py"] in (
        patching("consumer.create_client", "x"),
        patching("consumer.Client", "x"),
    )
    if "as Client" not in applied["consumer.py"]:
        assert applied["test_use.py"] == patching("consumer.create_client", "x")


def test_a_patch_whose_home_is_outside_of_the_project_is_left_alone(apply):
    applied = apply(
        {
            "pkg/__init__.py": "",
            "pkg/home.py": "def f(): return 1\n",
            "pkg/old.py": '"""Deprecated."""\nfrom json import dumps\nfrom pkg.home import f\n',
            "app.py": "from pkg import old\n\ndef use(): return old.dumps(1)\n",
            "test_app.py": "from unittest import mock\nimport app\n\n"
            "@mock.patch('pkg.old.dumps', return_value=2)\n"
            "def test_use(dumps): assert app.use() == 2\n",
        },
        tests=True,
    )
    assert applied.changed == {}
    assert any("json, which is outside of the project" in line for line in applied.skipped)


MEMBERS = {
    "a method of a class": (
        "@patch('lib.old.Thing.make', return_value='x')\ndef test_use(fake): assert consumer.use() == lib.home.Thing.make() == 'x'\n",
        "def use(): return lib.old.Thing.make()\n",
    ),
    "an item of a dictionary": (
        "@patch.dict('lib.old.CONFIG', a=2)\ndef test_use(): assert consumer.use() == lib.home.CONFIG['a'] == 2\n",
        "def use(): return lib.old.CONFIG['a']\n",
    ),
}
MEMBER_LIBRARY = {
    "lib/home.py": "class Thing:\n    @classmethod\n    def make(cls): return 'made'\nCONFIG = {'a': 1}\n",
    "lib/old.py": '"""Deprecated."""\nfrom lib.home import CONFIG, Thing\n',
}


@pytest.mark.parametrize(("test", "user"), MEMBERS.values(), ids=MEMBERS)
def test_a_patch_inside_of_an_object_moves_although_others_use_it_at_home(
    apply, library, test, user
):
    head = "from unittest.mock import patch\nimport consumer\nimport lib.home\n\n"
    tree = {**library, **MEMBER_LIBRARY, "consumer.py": f"import lib.old\n\n{user}"}
    applied = apply({**tree, "test_use.py": head + test}, tests=True)
    assert applied["test_use.py"] == head + test.replace("lib.old", "lib.home")
    assert applied["consumer.py"] == tree["consumer.py"].replace("lib.old", "lib.home")


@pytest.mark.parametrize(("test", "user"), MEMBERS.values(), ids=MEMBERS)
def test_a_patch_inside_of_an_object_that_stays_keeps_nobody(apply, library, test, user):
    stuck = f"import lib.old as o\n\n{user.replace('lib.old', '[o][0]')}"
    head = "from unittest.mock import patch\nimport consumer\nimport lib.home\n\n"
    tree = {**library, **MEMBER_LIBRARY, "consumer.py": stuck, "test_use.py": head + test}
    applied = apply(tree, tests=True)
    assert applied.changed == {"test_use.py": head + test.replace("lib.old", "lib.home")}


def test_a_patch_inside_of_an_object_stays_with_a_patch_of_the_object_that_stays(apply, library):
    test = (
        "from unittest.mock import patch\nimport consumer\n\n"
        "@patch('lib.old' '.Thing')\ndef test_use(fake):\n"
        "    with patch('lib.old.Thing.make', return_value='x'): assert consumer.use() == 'x'\n"
    )
    user = "import lib.old\n\ndef use(): return lib.old.Thing.make()\n"
    tree = {**library, **MEMBER_LIBRARY, "consumer.py": user, "test_use.py": test}
    assert apply(tree, tests=True).changed == {}


def loading(stand_in):
    return (
        "import importlib, sys\nfrom types import SimpleNamespace\nfrom unittest import mock\n"
        "import pytest\n\ndef test_use():\n    monkeypatch = pytest.MonkeyPatch()\n"
        "    double = SimpleNamespace(f=lambda: 'x')\n"
        f"{stand_in}"
        "    monkeypatch.delitem(sys.modules, 'consumer', raising=False)\n"
        "    assert importlib.import_module('consumer').use() == 'x'\n"
        "    monkeypatch.undo()\n"
    )


STAND_INS = {
    "setitem": "    monkeypatch.setitem(sys.modules, '{}', double)\n",
    "patch.dict": "    mock.patch.dict(sys.modules, {{'{}': double}}).start()\n",
    "patch.dict by name": "    mock.patch.dict('sys.modules', {{'{}': double}}).start()\n",
    "an assignment": "    sys.modules['{}'] = double\n",
    "update": "    sys.modules.update({{'{}': double}})\n",
    "setdefault": "    sys.modules.setdefault('{}', double)\n",
    "a dictionary with a name": (
        "    doubles = {{'{}': double}}\n    mock.patch.dict(sys.modules, doubles).start()\n"
    ),
    "values": "    mock.patch.dict('sys.modules', values={{'{}': double}}).start()\n",
    "a constant": "    name = '{}'\n    monkeypatch.setitem(sys.modules, name, double)\n",
    "a loop": "    for name in ['{}']:\n        sys.modules[name] = double\n",
}


@pytest.mark.parametrize("stand_in", STAND_INS.values(), ids=STAND_INS)
def test_an_import_stays_with_the_stand_in_for_its_module(apply, library, stand_in):
    test = loading(stand_in.format("lib.old"))
    applied = apply({**library, "consumer.py": EARLY, "test_use.py": test}, tests=True)
    assert applied.changed == {}


STOOD_IN = {
    "old.py": '"""Deprecated."""\nfrom home import f\n',
    "home.py": "def f(): return 'f'\n\n\ndef g(): return f()\n",
    "consumer.py": EARLY.replace("lib.old", "old"),
    "test_use.py": loading(STAND_INS["setitem"].format("old")),
}


def test_an_import_moves_with_the_stand_in_for_its_module(apply):
    applied = apply(STOOD_IN, tests=True)
    assert applied.changed == {
        "consumer.py": EARLY.replace("lib.old", "home"),
        "test_use.py": loading(STAND_INS["setitem"].format("home")),
    }


def made(module):
    double = f"types.ModuleType('{module}')\n    double.f = lambda: 'x'"
    return f"import types\n{loading(STAND_INS['setitem'].format(module))}".replace(
        "SimpleNamespace(f=lambda: 'x')", double
    )


def test_a_stand_in_that_is_made_with_the_name_of_its_module_moves(apply):
    applied = apply({**STOOD_IN, "test_use.py": made("old")}, tests=True)
    assert applied.changed == {
        "consumer.py": EARLY.replace("lib.old", "home"),
        "test_use.py": made("home"),
    }


def placed(module):
    return (
        f"import sys, types\n\ndouble = types.ModuleType('{module}')\ndouble.f = lambda: 'x'\n"
        f"sys.modules['{module}'] = double\nimport consumer\n\n"
        "def test_use(): assert consumer.use() == 'x'\n"
    )


def test_a_stand_in_that_a_test_puts_in_place_when_it_is_loaded_moves(apply):
    applied = apply({**STOOD_IN, "test_use.py": placed("old")})
    assert applied.changed == {
        "consumer.py": EARLY.replace("lib.old", "home"),
        "test_use.py": placed("home"),
    }


def test_an_import_stays_with_a_stand_in_that_is_put_in_place_when_its_test_is_loaded(
    apply, library
):
    tree = {**library, "consumer.py": EARLY, "test_use.py": placed("lib.old")}
    assert apply(tree).changed == {}


def test_a_stand_in_that_is_made_with_a_name_stays_with_what_cannot_move(apply, library):
    tree = {**library, "consumer.py": EARLY, "test_use.py": made("lib.old")}
    assert apply(tree, tests=True).changed == {}


def test_a_stand_in_stays_that_others_would_meet_in_the_home(apply):
    other = "def other():\n    import home\n\n    return home.g() + home.f()\n"
    test = STOOD_IN["test_use.py"].replace(
        "    monkeypatch.undo()", "    import other\n\n    assert other.other() == 'ff'\n    monkeypatch.undo()"
    )  # fmt: skip
    applied = apply({**STOOD_IN, "other.py": other, "test_use.py": test}, tests=True)
    assert applied.changed == {}
    assert any("f would also change for other.py:4" in line for line in applied.skipped)


@pytest.mark.parametrize(
    "other",
    [
        "    monkeypatch.setitem({}, 'lib.old', double)\n",
        "    monkeypatch.setitem(sys.modules, 'lib', sys.modules.get('lib'))\n",
        "    dict(sys.modules).update({'lib.old': double})\n",
        "    for name in ['lib.old']:\n        sys.modules.pop(name, None)\n",
        "    for name in ['lib.old', 'lib.home']:\n        dict(a=1)[name] = double\n",
        "    names = {'lib.old': double}\n    mock.patch.dict({}, names).start()\n",
    ],
)
def test_an_import_moves_without_a_stand_in_for_its_module(apply, library, other):
    test = loading(other).replace("== 'x'", "== 'f'")
    applied = apply({**library, "consumer.py": EARLY, "test_use.py": test}, tests=True)
    assert applied.changed == {"consumer.py": EARLY.replace("lib.old", "lib.home")}


LATE_USER = "def use():\n    from lib.old import f\n    return f()\n"
AMONG_NAMES = {
    "patch.dict of vars": "    with mock.patch.dict(vars(old), f=lambda: 'x'):\n",
    "patch.dict of the dictionary": "    with mock.patch.dict(old.__dict__, f=lambda: 'x'):\n",
    "update": "    vars(old).update(f=lambda: 'x')\n    if True:\n",
}


@pytest.mark.parametrize("patch", AMONG_NAMES.values(), ids=AMONG_NAMES)
def test_a_late_import_stays_with_the_double_among_the_names_of_its_module(apply, library, patch):
    test = (
        "from unittest import mock\nimport consumer\nfrom lib import old\n\n\ndef test_use():\n"
        f"{patch}        assert consumer.use() == 'x'\n"
    )
    applied = apply({**library, "consumer.py": LATE_USER, "test_use.py": test}, tests=True)
    assert "consumer.py" not in applied.changed


@pytest.mark.parametrize("read", ["dir(old)", "len(str(old))", "hasattr(old, 'f')"])
def test_a_late_import_moves_where_a_test_only_looks_at_its_module(apply, library, read):
    test = (
        "import consumer\nfrom lib import old\n\n\ndef test_use():\n"
        f"    assert {read}\n    assert consumer.use() == 'f'\n"
    )
    applied = apply({**library, "consumer.py": LATE_USER, "test_use.py": test}, tests=True)
    assert applied.changed["consumer.py"] == LATE_USER.replace("lib.old", "lib.home")


BY_NAME = {
    "home.py": "def f(): return 1\n",
    "old.py": '"""Deprecated."""\nfrom home import f\n',
    "consumer.py": "def use():\n    from old import f\n    return f()\n",
    "tests/test_app.py": """
        import importlib
        from unittest.mock import patch
        import consumer

        def test_use():
            module = importlib.import_module("old")
            with patch.object(module, "f", lambda: 2):
                assert consumer.use() == 2
    """,
}
# It holds back the function that looks the name up in the shim.
HOME_REPLACED = "import home\n\ndef replace(monkeypatch): monkeypatch.setattr(home, 'f', None)\n"


def test_an_import_by_name_stays_with_the_patches_of_what_it_gives(apply):
    done = apply({**BY_NAME, "tests/conftest.py": HOME_REPLACED}, tests=True)
    assert done.changed == {}


def test_an_import_by_name_moves_with_the_patches_of_what_it_gives(apply):
    done = apply(BY_NAME, tests=True)
    assert 'import_module("home")' in done["tests/test_app.py"]
    assert "from home import f" in done["consumer.py"]


ENTRY = """
import importlib, sys
from unittest.mock import patch
import consumer
import old

def test_use():
    assert consumer.use() == 1
    {}
    assert consumer.use() == {}
"""
ENTRIES = {
    "patch.object": "patch.object(sys.modules['old'], 'f', lambda: 2).start()",
    "an assignment": "sys.modules['old'].f = lambda: 2",
    "a name": "module = sys.modules.get('old'); module.f = lambda: 2",
    "patch.multiple": "patch.multiple('old', f=lambda: 2).start()",
    "patch.multiple of the entry": "patch.multiple(sys.modules['old'], f=lambda: 2).start()",
    "its dictionary": "patch.dict(vars(sys.modules['old']), f=lambda: 2).start()",
}
HANDED_ON = "[setattr(m, name, lambda: 2) for m in [sys.modules['old']] for name in ['f']]"


@pytest.mark.parametrize("how", ENTRIES.values(), ids=ENTRIES)
def test_what_a_test_replaces_by_the_name_of_the_module_moves_with_those_who_look_it_up(apply, how):
    done = apply({**BY_NAME, "tests/test_app.py": ENTRY.format(how, 2)}, tests=True)
    assert done["consumer.py"] == BY_NAME["consumer.py"].replace("old", "home")
    assert "'home'" in done["tests/test_app.py"]


@pytest.mark.parametrize("how", ENTRIES.values(), ids=ENTRIES)
def test_what_a_test_replaces_by_the_name_of_the_module_stays_where_it_would_reach_more(apply, how):
    home = BY_NAME["home.py"] + "def g(): return f()\n"
    test = ENTRY.format(how, 2) + "    import home\n    assert home.g() == 1\n"
    done = apply({**BY_NAME, "home.py": home, "tests/test_app.py": test}, tests=True)
    assert "consumer.py" not in done.changed
    assert how in done["tests/test_app.py"]


def test_an_entry_of_sys_modules_that_a_test_hands_on_stays(apply):
    done = apply({**BY_NAME, "tests/test_app.py": ENTRY.format(HANDED_ON, 2)}, tests=True)
    assert done.changed == {}


@pytest.mark.parametrize("how", ["assert 'f' in dir({})", "assert {}.f", "getattr({}, 'f')"])
def test_an_entry_of_sys_modules_that_a_test_reads_moves(apply, how):
    read = how.format("sys.modules['old']")
    done = apply({**BY_NAME, "tests/test_app.py": ENTRY.format(read, 1)}, tests=True)
    assert "sys.modules['home']" in done["tests/test_app.py"]


def test_an_entry_of_sys_modules_that_is_loaded_again_stays(apply):
    again = "importlib.reload(sys.modules['old'])"
    done = apply({**BY_NAME, "tests/test_app.py": ENTRY.format(again, 1)}, tests=True)
    assert "sys.modules['old']" in done["tests/test_app.py"]


OWN_CODE = {
    "a string": patching("lib.more.f", "x"),
    "patch.object": "from unittest.mock import patch\nimport consumer\nfrom lib import more\n\n\ndef test_use():\n    with patch.object(more, 'f', return_value='x'): assert consumer.use() == 'x'\n",
    "patch.multiple": "from unittest.mock import patch\nimport consumer\n\n@patch.multiple('lib.more', f=lambda: 'x')\ndef test_use(): assert consumer.use() == 'x'\n",
}
MORE = {
    "pyproject.toml": '[tool.trackfix]\nshims = ["lib.more"]\n',
    "consumer.py": "from lib.more import main\n\ndef use(): return main()\n",
}


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("test", OWN_CODE.values(), ids=OWN_CODE)
def test_a_patch_for_the_code_of_the_moved_module_itself_stays(apply, library, test, unsafe):
    more = "from lib.home import f\n\ndef main(): return f()\n"
    tree = {**library, **MORE, "lib/more.py": more, "test_use.py": test}
    applied = apply(tree, tests=True, unsafe=unsafe)
    assert not applied.changed
    reason = "lib/more.py:3 looks f up there, which a patch in lib.home would not reach"
    assert [line.endswith(reason) for line in applied.skipped] == [True]


@pytest.mark.parametrize(
    "more",
    [
        "from lib.home import f\n\nWHEN_LOADED = f()\n\ndef main(): return 'x'\n",
        "from lib.home import f\n\ndef main(f=str): return f('x')\n",
        "from lib.home import f\n\ndef other(): return f()\n\ndef main(): return 'x'\n",
    ],
    ids=["when it is loaded", "another name", "a function that the test does not call"],
)
def test_a_patch_that_the_code_of_the_moved_module_does_not_meet_moves(apply, library, more):
    test = patching("lib.more.f", "x")
    applied = apply({**library, **MORE, "lib/more.py": more, "test_use.py": test}, tests=True)
    assert applied.changed == {"test_use.py": test.replace("lib.more", "lib.home")}


FAKES = {
    "a parameter of a context manager": "from unittest import mock\n\ndef fake(target='lib.old.f'): return mock.patch(target, return_value='x')\n",
    "a parameter of a fixture": (
        "from contextlib import contextmanager\nimport pytest\n\n\n@contextmanager\n"
        "def fake(target='lib.old.f'):\n    with pytest.MonkeyPatch.context() as monkeypatch:\n"
        "        monkeypatch.setattr(target, lambda: 'x')\n        yield\n"
    ),
    "another name for the fixture": (
        "from contextlib import contextmanager\nimport pytest\n\n\n@contextmanager\n"
        "def fake(target='lib.old.f'):\n    with pytest.MonkeyPatch.context() as patches:\n"
        "        patches.setattr(target, lambda: 'x')\n        yield\n"
    ),
    "another name for the module": "import unittest.mock as m\n\ndef fake(target='lib.old.f'): return m.patch(target, return_value='x')\n",
    "a list": "from unittest import mock\n\nNAMES = ['lib.old.f']\n\ndef fake(): return mock.patch(NAMES[0], return_value='x')\n",
    "a module that is a parameter": "from unittest import mock\nimport lib.old\n\ndef fake(name='f', module=lib.old): return mock.patch.object(module, name, return_value='x')\n",
    "the dictionary of a module": "from unittest import mock\nfrom lib import old\n\ndef fake(): return mock.patch.dict(vars(old), {'f': lambda: 'x'})\n",
    "the name of a module": "from unittest import mock\nfrom lib import old\n\ndef fake(): return mock.patch(old.__name__ + '.f', return_value='x')\n",
    "a swap of its own": (
        "from contextlib import contextmanager\nfrom lib import old\n\n\n@contextmanager\n"
        "def swap(owner, name, value):\n    was = getattr(owner, name)\n    setattr(owner, name, value)\n"
        "    yield\n    setattr(owner, name, was)\n\n\ndef fake(): return swap(old, 'f', lambda: 'x')\n"
    ),
}


@pytest.mark.parametrize("fakes", FAKES.values(), ids=FAKES)
def test_a_late_user_stays_whose_name_a_helper_of_the_tests_may_patch(apply, library, fakes):
    test = (
        "import consumer\nfrom lib import fakes\n\n"
        "def test_use():\n    with fakes.fake(): assert consumer.use() == 'x'\n"
    )
    files = {**library, "lib/fakes.py": fakes, "consumer.py": MODULE, "test_use.py": test}
    applied = apply(files, tests=True)
    assert applied.changed == {}
    assert "lib/fakes.py:" in applied.skipped[0]


def test_a_patch_in_a_helper_of_the_tests_moves_with_its_late_user(apply, library):
    fakes = "from unittest import mock\n\ndef fake(): return mock.patch('lib.old.f', return_value='x')\n"
    test = (
        "import consumer\nfrom lib import fakes\n\n"
        "def test_use():\n    with fakes.fake(): assert consumer.use() == 'x'\n"
    )
    files = {**library, "lib/fakes.py": fakes, "consumer.py": LATE, "test_use.py": test}
    applied = apply(files, tests=True)
    assert applied.changed == {
        "lib/fakes.py": fakes.replace("lib.old", "lib.home"),
        "consumer.py": LATE.replace("lib.old", "lib.home"),
    }


UNLIKE_PATCHES = {
    "no word of it": "TABLE = ['lib.old.f']\n",
    "a setattr of its own attributes": (
        "TABLE = ['lib.old.f']\n\n\nclass Config:\n    def __init__(self, **values):\n"
        "        for key, value in values.items():\n            setattr(self, key, value)\n"
    ),
    "a word in a text": '"""Which tests mock. Not for the mock server."""\n\nTABLE = [\'lib.old.f\']\n',
}


@pytest.mark.parametrize("table", UNLIKE_PATCHES.values(), ids=UNLIKE_PATCHES)
def test_a_string_of_code_that_patches_nothing_holds_no_late_user(apply, library, table):
    applied = apply({**library, "table.py": table, "consumer.py": LATE})
    assert applied.changed == {"consumer.py": LATE.replace("lib.old", "lib.home")}


def test_a_module_that_code_hands_on_and_nobody_patches_holds_no_late_user(apply, library):
    stuck = "import lib.old\n\ndef show(): return sorted([lib.old], key=str)\n"
    applied = apply({**library, "show.py": stuck, "consumer.py": LATE})
    assert applied.changed == {"consumer.py": LATE.replace("lib.old", "lib.home")}
