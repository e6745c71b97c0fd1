"""A patch moves only where it reaches no more in the home than it did in the shim."""

import json

import pytest

TREE = {
    "lib/__init__.py": "",
    "lib/home.py": "BASE = 'b'\n\n\ndef f(): return BASE\n\n\ndef g(): return 'g'\n",
    "lib/old.py": '"""Deprecated."""\nfrom lib.home import BASE, f, g\nfrom lib.home import f as get_f\n',
    "consumer.py": "import lib.old as o\n\n\ndef use(): return o.f()\n",
}
LATE_IN_THE_HOME = {
    "by an attribute": "import consumer\nfrom lib import home\n\n\ndef both(): return consumer.use(), home.f()\n",
    "by an import in a function": "import consumer\n\n\ndef both():\n    from lib.home import f\n\n    return consumer.use(), f()\n",
    "by its full name": "import consumer\nimport lib.home\n\n\ndef both(): return consumer.use(), lib.home.f()\n",
}


def patching(target, result, caller="both.both()"):
    module = caller.partition(".")[0]
    return (
        f"from unittest.mock import patch\nimport {module}\n\n\n"
        f"@patch({target!r}, return_value='x')\n"
        f"def test_use(fake): assert {caller} == {result!r}\n"
    )


@pytest.mark.parametrize("both", LATE_IN_THE_HOME.values(), ids=LATE_IN_THE_HOME)
def test_a_patch_stays_where_the_test_runs_code_that_looks_the_name_up_in_the_home(apply, both):
    tree = {**TREE, "both.py": both, "test_both.py": patching("lib.old.f", ("x", "b"))}
    applied = apply(tree, tests=True)
    assert applied.changed == {}
    assert any("f would also change for both.py:" in line for line in applied.skipped)
    assert any("it must move together with test_both.py" in line for line in applied.skipped)


def test_a_patch_in_a_fixture_stays_whichever_module_looks_the_name_up_in_the_home(apply):
    fixture = (
        "from unittest.mock import patch\nimport pytest\n\n\n@pytest.fixture\ndef fake():\n"
        "    with patch('lib.old.f', return_value='x') as found: yield found\n"
    )
    tree = {**TREE, "both.py": LATE_IN_THE_HOME["by an attribute"], "conftest.py": fixture}
    assert apply(tree).changed == {}


def test_a_patch_moves_where_the_name_is_looked_up_in_the_home_by_code_the_test_never_loads(apply):
    tree = {
        **TREE,
        "both.py": LATE_IN_THE_HOME["by an attribute"],
        "test_use.py": patching("lib.old.f", "x", "consumer.use()"),
    }
    applied = apply(tree, tests=True)
    assert applied["test_use.py"] == patching("lib.home.f", "x", "consumer.use()")
    assert applied["consumer.py"] == TREE["consumer.py"].replace("lib.old", "lib.home")


def test_a_patch_moves_where_another_test_of_the_file_runs_the_code_it_would_reach(apply):
    test = patching("lib.old.f", "x", "consumer.use()")
    other = "\n\ndef test_both():\n    import both\n\n    assert both.both() == ('b', 'b')\n"
    tree = {**TREE, "both.py": LATE_IN_THE_HOME["by an attribute"], "test_use.py": test + other}
    applied = apply(tree, tests=True)
    assert applied["test_use.py"] == patching("lib.home.f", "x", "consumer.use()") + other


IN_BETWEEN = {
    "a method": "import both\n\n\nclass Job:\n    def run(self): return both.both()\n\n\ndef go(): return Job().run()\n",
    "a constructor": "import both\n\n\nclass Job:\n    def __init__(self): self.found = both.both()\n\n\ndef go(): return Job().found\n",
    "a table": "import both\n\nJOBS = {'a': both.both}\n\n\ndef go(): return JOBS['a']()\n",
    "another name": "from both import both as work\n\n\ndef go(): return work()\n",
    "a name in a string": "import both\n\n\ndef go(): return getattr(both, 'both')()\n",
}


@pytest.mark.parametrize("between", IN_BETWEEN.values(), ids=IN_BETWEEN)
def test_a_patch_stays_where_the_code_that_it_would_reach_runs_by_way_of(apply, between):
    both = LATE_IN_THE_HOME["by an attribute"]
    test = patching("lib.old.f", ("x", "b"), "between.go()")
    tree = {**TREE, "both.py": both, "between.py": between, "test_go.py": test}
    assert apply(tree, tests=True).changed == {}


IN_A_CLASS = {
    "a decorator of the class": "@patch('lib.old.f', return_value='x')\nclass TestUse:\n    def test_use(self, fake): assert both.both() == ('x', 'b')\n",
    "its setup": "class TestUse:\n    def setup_method(self): patch('lib.old.f', return_value='x').start()\n\n    def test_use(self): assert both.both() == ('x', 'b')\n",
}


@pytest.mark.parametrize("test", IN_A_CLASS.values(), ids=IN_A_CLASS)
def test_a_patch_stays_where_the_code_that_it_would_reach_is_run_in_the_class_of(apply, test):
    tree = {
        **TREE,
        "both.py": LATE_IN_THE_HOME["by an attribute"],
        "test_both.py": f"from unittest.mock import patch\nimport both\n\n\n{test}",
    }
    assert apply(tree).changed == {}


UNTOUCHED = {
    "an import at the top": "import consumer\nfrom lib.home import f\n\n\ndef both(): return consumer.use(), f()\n",
    "another name": "import consumer\nfrom lib import home\n\n\ndef both(): return consumer.use(), home.g()\n",
}


@pytest.mark.parametrize("both", UNTOUCHED.values(), ids=UNTOUCHED)
def test_a_patch_moves_beside_what_it_does_not_reach_in_the_home(apply, both):
    result = ("x", "g" if "home.g" in both else "b")
    tree = {**TREE, "both.py": both, "test_both.py": patching("lib.old.f", result)}
    applied = apply(tree, tests=True)
    assert applied["test_both.py"] == patching("lib.home.f", result)


LATE = {
    "an import in a function": "import lib.old\n\n\ndef use():\n    from lib import old\n\n    return old.f()\n",
    "an attribute of the package": "import lib.old\n\n\ndef use(): return lib.old.f()\n",
}
REPLACED = {
    "a package by another name": "    import lib as package\n\n"
    "    with patch.object(package, 'old') as fake:\n        assert consumer.use() is fake.f()\n",
    "patch.object": "    with patch.object(lib, 'old') as fake:\n        assert consumer.use() is fake.f()\n",
    "setattr": "    with pytest.MonkeyPatch.context() as m, patch('os.sep') as fake:\n"
    "        m.setattr(lib, 'old', fake)\n        assert consumer.use() is fake.f()\n",
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
@pytest.mark.parametrize("test", REPLACED.values(), ids=REPLACED)
def test_who_looks_a_module_up_in_its_package_stays_where_a_test_replaces_it_there(
    apply, late, test
):
    head = "from unittest.mock import patch\nimport pytest\nimport consumer\nimport lib\n\n\n"
    tree = {**TREE, "consumer.py": late, "test_use.py": f"{head}def test_use():\n{test}"}
    applied = apply(tree, tests=True)
    assert applied.changed == {}
    assert any("the module is taken from its package" in line for line in applied.skipped)


READ_BY_NAME = {
    "getattr": "getattr(old, 'f') is home.f and home.f()",
    "hasattr": "hasattr(old, 'f') and home.f()",
}


@pytest.mark.parametrize("asked", READ_BY_NAME.values(), ids=READ_BY_NAME)
def test_a_name_that_a_test_only_reads_is_not_patched(apply, asked):
    test = f"from lib import home, old\n\n\ndef test_same(): assert {asked}\n"
    applied = apply({**TREE, "test_same.py": test}, tests=True)
    assert not any("would also change" in line for line in applied.skipped)
    assert "consumer.py" in applied.changed


def test_a_patch_stays_where_two_names_of_a_shim_would_become_one(apply):
    both = "import lib.old as o\n\n\ndef both(): return o.f(), o.get_f()\n"
    tree = {**TREE, "both.py": both, "test_both.py": patching("lib.old.f", ("x", "b"))}
    del tree["consumer.py"]
    applied = apply(tree, tests=True)
    assert applied.changed == {}
    assert any("f would also change for get_f in both.py:4" in line for line in applied.skipped)


def test_two_names_of_a_shim_become_one_where_neither_is_patched(apply):
    both = "import lib.old as o\n\n\ndef both(): return o.f(), o.get_f()\n"
    applied = apply({**TREE, "both.py": both})
    assert applied["both.py"] == both.replace("lib.old", "lib.home").replace("get_f", "f")


def test_a_patch_of_one_shim_stays_where_another_shim_has_the_same_home(apply):
    tree = {
        **TREE,
        "lib/older.py": '"""Deprecated."""\nfrom lib.home import f\n',
        "both.py": "import lib.old as o\nimport lib.older\n\n\ndef both(): return o.f(), lib.older.f()\n",
        "test_both.py": patching("lib.old.f", ("x", "b")),
    }
    assert "test_both.py" not in apply(tree, tests=True).changed


def test_a_patch_of_the_same_module_object_moves_whoever_looks_the_name_up(apply):
    tree = {
        **TREE,
        "lib/old.py": '"""Deprecated."""\nimport sys\nfrom lib import home\n\nsys.modules[__name__] = home\n',
        "both.py": "import lib.old\nfrom lib.old import g\nfrom lib import home\n\n\ndef both(): return g(), home.f()\n",
        "test_both.py": patching("lib.old.f", ("g", "x")),
    }
    del tree["consumer.py"]
    applied = apply(tree, tests=True)
    assert applied["test_both.py"] == patching("lib.home.f", ("g", "x"))


READER = "from lib import old\n\n\ndef use(): return old.BASE + old.f()\n"
SET_THROUGH_THE_CONSUMER = {
    "by setattr": "import consumer\n\n\ndef test_use(monkeypatch):\n    monkeypatch.setattr(consumer.old, 'BASE', 'z')\n    assert consumer.use() == 'zb'\n",
    "by setattr under another name": "import consumer as c\n\n\ndef test_use(monkeypatch):\n    monkeypatch.setattr(c.old, 'BASE', 'z')\n    assert c.use() == 'zb'\n",
    "by an import of the module from the consumer": "import consumer\nfrom consumer import old\n\n\ndef test_use(monkeypatch):\n    monkeypatch.setattr(old, 'BASE', 'z')\n    assert consumer.use() == 'zb'\n",
    "by assignment": "import consumer\n\n\ndef test_use():\n    consumer.old.BASE = 'z'\n    assert consumer.use() == 'zb'\n",
    "by a string": "import consumer\nfrom unittest.mock import patch\n\n\n@patch('consumer.old.BASE', 'z')\ndef test_use():\n    assert consumer.use() == 'zb'\n",
    "by other code": "import consumer\nfrom unittest.mock import patch\n\n\n@patch.multiple(consumer.old, BASE='z')\ndef test_use():\n    assert consumer.use() == 'zb'\n",
}


@pytest.mark.parametrize("test", SET_THROUGH_THE_CONSUMER.values(), ids=SET_THROUGH_THE_CONSUMER)
def test_an_import_stays_when_a_test_sets_a_name_through_it_that_the_home_uses(apply, test):
    tree = {**TREE, "consumer.py": READER, "test_use.py": test}
    assert apply(tree).changed == {}


@pytest.mark.parametrize("test", SET_THROUGH_THE_CONSUMER.values(), ids=SET_THROUGH_THE_CONSUMER)
def test_other_late_users_stay_with_an_import_through_which_a_test_sets_a_name(apply, test):
    other = "def other():\n    from lib.old import BASE\n\n    return BASE\n"
    tree = {**TREE, "consumer.py": READER, "other.py": other, "test_use.py": test}
    assert apply(tree).changed == {}


def test_an_import_moves_when_a_test_sets_a_name_through_it_that_only_its_file_uses(apply):
    test = "import consumer\n\n\ndef test_use(monkeypatch):\n    monkeypatch.setattr(consumer.old, 'g', lambda: 'z')\n    assert consumer.use() == 'z'\n"
    reader = "from lib import old\n\n\ndef use(): return old.g()\n"
    applied = apply({**TREE, "consumer.py": reader, "test_use.py": test})
    assert applied.changed == {
        "consumer.py": "from lib import home as old\n\n\ndef use(): return old.g()\n"
    }


def test_an_import_moves_when_a_test_sets_the_whole_module_of_the_consumer(apply):
    test = "import consumer\n\n\ndef test_use(monkeypatch):\n    monkeypatch.setattr(consumer, 'old', None)\n"
    applied = apply({**TREE, "consumer.py": READER, "test_use.py": test})
    assert list(applied.changed) == ["consumer.py"]


INSIDE = "BASE = 'b'\n\n\ndef f(): return BASE\n\n\ndef g(): return 'g' + f()\n"
INSIDE_OF_THE_HOME = {
    "by a module that takes the caller from the home": (
        "import consumer\nfrom lib.home import g\n\n\ndef both(): return consumer.use(), g()\n",
        patching("lib.old.f", ("x", "gb")),
    ),
    "by the test itself": (
        "",
        "from lib.home import g\n"
        + patching("lib.old.f", "x", "consumer.use()").replace(
            "def test_use(fake): ", "def test_use(fake):\n    assert g() == 'gb'\n    "
        ),
    ),
    "where the patch had no effect so far": (
        "from lib.old import f, g\n\n\ndef both(): return f(), g()\n",
        patching("lib.old.f", ("b", "gb")),
    ),
}


@pytest.mark.parametrize("both, test", INSIDE_OF_THE_HOME.values(), ids=INSIDE_OF_THE_HOME)
def test_a_patch_stays_where_the_home_itself_looks_the_name_up(apply, both, test):
    tree = {**TREE, "lib/home.py": INSIDE, "both.py": both, "test_both.py": test}
    applied = apply(tree, tests=True)
    assert "test_both.py" not in applied.changed
    assert any("f would also change for lib/home.py:7" in line for line in applied.skipped)


def test_a_patch_moves_where_the_test_does_not_run_what_looks_the_name_up_in_the_home(apply):
    test = patching("lib.old.f", "x", "consumer.use()")
    applied = apply({**TREE, "lib/home.py": INSIDE, "test_use.py": test}, tests=True)
    assert applied["test_use.py"] == test.replace("lib.old", "lib.home")


def test_a_patch_of_a_function_that_only_calls_itself_moves(apply):
    home = TREE["lib/home.py"].replace("return BASE", "return BASE if BASE else f()")
    test = patching("lib.old.f", "x", "consumer.use()")
    applied = apply({**TREE, "lib/home.py": home, "test_use.py": test}, tests=True)
    assert applied["test_use.py"] == test.replace("lib.old", "lib.home")


REPLACED_AT_HOME = {
    "by mock.patch": patching("lib.home.f", ("b", "x")),
    "by monkeypatch": "import both\nfrom lib import home\n\n\ndef test_use(monkeypatch):\n    monkeypatch.setattr(home, 'f', lambda: 'x')\n    assert both.both() == ('b', 'x')\n",
    "by assignment": "import both\nimport lib.home\n\n\ndef test_use():\n    before = lib.home.f\n    lib.home.f = lambda: 'x'\n    try:\n        assert both.both() == ('b', 'x')\n    finally:\n        lib.home.f = before\n",
}


@pytest.mark.parametrize("test", REPLACED_AT_HOME.values(), ids=REPLACED_AT_HOME)
def test_a_late_look_up_stays_where_a_test_replaces_the_name_in_the_home(apply, test):
    both = LATE_IN_THE_HOME["by an attribute"]
    is_plain = "monkeypatch" not in test
    applied = apply({**TREE, "both.py": both, "test_both.py": test}, tests=is_plain)
    assert applied.changed == {}
    assert any(
        "consumer.py:4: lib.old: test_both.py:" in line and "replaces f in lib.home" in line
        for line in applied.skipped
    )


def test_a_late_look_up_stays_where_other_code_sets_the_name_in_the_home_at_run_time(apply):
    tree = {
        **TREE,
        "consumer.py": "def use():\n    from lib.old import BASE\n\n    return BASE\n",
        "cli.py": "import consumer\nfrom lib import home\n\n\ndef main():\n    home.BASE = 'z'\n    return consumer.use()\n",
        "test_cli.py": "import cli\n\n\ndef test_main(): assert cli.main() == 'b'\n",
    }
    assert apply(tree, tests=True).changed == {}


LAZY = '"""Deprecated."""\n\n\ndef __getattr__(name):\n    if name == "f":\n        from lib.home import f\n\n        return f\n    raise AttributeError(name)\n'
KEPT = LAZY.replace("        return f\n", "        globals()[name] = f\n        return f\n")
ITSELF = '"""Deprecated."""\nimport sys\nfrom lib import home\n\nsys.modules[__name__] = home\n'


@pytest.mark.parametrize("shim", [LAZY, ITSELF], ids=["lazy", "an entry of sys.modules"])
def test_a_late_look_up_moves_where_the_shim_hands_on_what_a_test_replaces_in_the_home(apply, shim):
    both = LATE_IN_THE_HOME["by an attribute"]
    test = patching("lib.home.f", ("x", "x"))
    tree = {**TREE, "lib/old.py": shim, "both.py": both, "test_both.py": test}
    applied = apply(tree, tests=True)
    assert applied["consumer.py"] == TREE["consumer.py"].replace("lib.old", "lib.home")


def test_a_late_look_up_stays_where_a_lazy_shim_keeps_what_it_found(apply):
    test = patching("lib.home.f", ("b", "x"))
    both = "import consumer\nfrom lib import home\n\nconsumer.use()\n\n\ndef both(): return consumer.use(), home.f()\n"
    tree = {**TREE, "lib/old.py": KEPT, "both.py": both, "test_both.py": test}
    assert "consumer.py" not in apply(tree, tests=True).changed


def test_a_late_look_up_moves_where_the_test_that_replaces_the_name_never_runs_it(apply):
    test = "from lib import home\nfrom unittest.mock import patch\n\n\n@patch('lib.home.f', return_value='x')\ndef test_home(fake): assert home.f() == 'x'\n"
    applied = apply({**TREE, "test_home.py": test}, tests=True)
    assert applied.changed == {"consumer.py": TREE["consumer.py"].replace("lib.old", "lib.home")}


LATE_USE = "def use():\n    from lib.old import f\n\n    return f()\n"
IN_OTHER_WAYS = {
    "patch.dict of vars": "patch.dict(vars(home), f=fake)",
    "patch.dict of __dict__": "patch.dict(home.__dict__, {'f': fake})",
    "patch.dict of a string": "patch.dict('lib.home.__dict__', {'f': fake})",
    "patch.dict by a keyword": "patch.dict(vars(home), values={'f': fake})",
    "patch.multiple": "patch.multiple(home, f=fake)",
    "patch.multiple of a string": "patch.multiple('lib.home', f=fake)",
    "its entry of sys.modules": "patch.object(sys.modules['lib.home'], 'f', fake)",
    "a name for that entry": "patch.object(entry, 'f', fake)",
    "another module in its entry": "patch.dict(sys.modules, {'lib.home': SimpleNamespace(f=fake)})",
    "a function that gets it": "replacing(home, 'f', fake)",
}
NOT_REPLACED = {
    "another name by vars": "patch.dict(vars(home), g=fake)",
    "another name by a keyword": "patch.dict(vars(home), values={'g': fake}, clear=False)",
    "another name by patch.multiple": "patch.multiple('lib.home', g=fake)",
    "another name by sys.modules": "patch.object(entry, 'g', fake)",
    "the dictionary is read": "patch('lib.other.x', vars(home)['f'])",
    "the module is shown": "patch('lib.other.x', repr(home))",
    "the entry is read": "patch('lib.other.x', sys.modules['lib.home'].f)",
}


def in_other_ways(how):
    return (
        "import sys\nfrom types import SimpleNamespace\nfrom unittest.mock import patch\n"
        "import consumer\nfrom lib import home\n\n\n"
        "def replacing(module, name, value): return patch.object(module, name, value)\n\n\n"
        "def test_use():\n    entry = sys.modules['lib.home']\n    def fake(): return 'x'\n"
        f"    with {how}:\n        assert consumer.use() == 'b'\n"
    )


@pytest.mark.parametrize("how", IN_OTHER_WAYS.values(), ids=IN_OTHER_WAYS)
def test_a_late_look_up_stays_where_a_test_replaces_the_name_in_the_home_by(apply, how):
    late = f"import lib.old\n\n\n{LATE_USE}"
    tree = {**TREE, "consumer.py": late, "test_use.py": in_other_ways(how)}
    assert apply(tree, tests=True).changed == {}


@pytest.mark.parametrize("how", NOT_REPLACED.values(), ids=NOT_REPLACED)
def test_a_late_look_up_moves_where_a_test_of_the_home_does_not_replace_it(apply, how):
    tree = {
        **TREE,
        "lib/other.py": "x = 1\n",
        "consumer.py": LATE_USE,
        "test_use.py": in_other_ways(how),
    }
    applied = apply(tree, tests=True)
    assert applied.changed == {"consumer.py": LATE_USE.replace("lib.old", "lib.home")}


LOADED_FIRST = (
    "from unittest.mock import patch\nfrom lib.old import g\nimport consumer\n\n\ndef test_use():\n"
    "    with patch('lib.home.f', return_value='x'):\n        assert consumer.use() + g() == 'bg'\n"
)


def test_the_import_stays_that_loads_the_module_before_the_test_replaces_what_is_in_its_home(apply):
    tree = {**TREE, "consumer.py": LATE_USE, "test_use.py": LOADED_FIRST}
    applied = apply(tree, tests=True)
    assert applied.changed == {}
    assert any(
        "test_use.py:2: lib.old.g: it loads the module before test_use.py:7 replaces f" in line
        for line in applied.skipped
    )


LATER = (
    "import consumer\nfrom unittest.mock import patch\n\n\ndef test_use():\n"
    "    with patch('lib.home.f', return_value='x'):\n        assert consumer.use() == {!r}\n"
    "    assert [lib.old]\n"
)
IN_A_FIXTURE = (
    "import pytest\nfrom unittest.mock import patch\n\n\n@pytest.fixture(autouse=True)\n"
    "def fake():\n    with patch('lib.home.f', return_value='x'):\n        yield\n"
)


def test_an_import_stays_that_loads_the_module_before_a_fixture_replaces_what_is_in_its_home(apply):
    tree = {
        **TREE,
        "consumer.py": LATE_USE,
        "conftest.py": IN_A_FIXTURE,
        "test_other.py": "import lib.old\n\n\ndef test_other(): assert [lib.old]\n",
        "test_use.py": "from lib.old import g\nimport consumer\n\n\ndef test_use(): assert consumer.use() + g() == 'bg'\n",
    }
    assert apply(tree).changed == {}


def test_an_import_moves_where_what_a_fixture_replaces_is_looked_up_by_nobody_late(apply):
    test = "from lib.old import g\n\n\ndef test_use(): assert g() == 'g'\n"
    tree = {**TREE, "conftest.py": IN_A_FIXTURE, "consumer.py": "x = 1\n", "test_use.py": test}
    assert apply(tree, tests=True)["test_use.py"] == test.replace("lib.old", "lib.home")


@pytest.mark.parametrize("package, moves", [("lib/old", False), ("lib/other", True)])
def test_an_import_of_a_module_of_the_shim_loads_the_shim(apply, package, moves):
    early = f"from {package.replace('/', '.')}.part import g\n\ndef take(): return g()\n"
    tree = {
        **{path: text for path, text in TREE.items() if path != "lib/old.py"},
        "lib/old/__init__.py": TREE["lib/old.py"],
        f"{package}/part.py": '"""Deprecated."""\nfrom lib.home import g\n',
        **({"lib/other/__init__.py": ""} if moves else {}),
        "consumer.py": LATE_USE,
        "early.py": early,
        "test_use.py": "import early\n" + LATER.replace("    assert [lib.old]\n", "").format("b"),
    }
    assert ("early.py" in apply(tree, tests=True).changed) is moves


def kept_by(early, test):
    """A shim that keeps what it found, which ``early.py`` takes before the test."""
    return {
        **TREE,
        "lib/old.py": KEPT.replace(
            "    if name", '    if name == "g":\n        return 0\n    if name'
        ),
        "consumer.py": LATE_USE,
        "early.py": early,
        "test_use.py": "import early\nimport lib.old\n" + test,
    }


def test_the_import_of_a_name_stays_that_a_lazy_shim_keeps_before_the_test_replaces_it(apply):
    tree = kept_by("from lib.old import f\n\ndef take(): return f\n", LATER.format("b"))
    assert apply(tree, tests=True).changed == {}


def test_the_import_of_a_name_moves_where_the_test_never_runs_who_looks_it_up_late(apply):
    early = "from lib.old import f\n\ndef take(): return f\n"
    test = "\n\ndef test_use():\n    assert early.take()() == 'b'\n    assert [lib.old]\n"
    done = apply(kept_by(early, test), same=False)
    assert done["early.py"] == early.replace("lib.old", "lib.home")


def test_the_import_of_another_test_stays_if_only_that_one_loads_the_module_first(apply):
    tree = {
        **TREE,
        "consumer.py": LATE_USE,
        "test_a.py": "from lib.old import g\n\n\ndef test_g(): assert g() == 'g'\n",
        "test_b.py": LOADED_FIRST.replace("lib.old", "lib.home"),
    }
    assert apply(tree, tests=True).changed == {}


def test_an_import_moves_where_one_that_stays_loads_the_module_first(apply):
    tree = {**TREE, "test_use.py": LOADED_FIRST}
    moved = LOADED_FIRST.replace("lib.old", "lib.home")
    assert apply(tree, tests=True).changed == {"test_use.py": moved}


def test_an_import_of_another_module_moves_before_the_test_replaces_a_name(apply):
    other = {"lib/other.py": '"""Deprecated."""\nfrom lib.home import g\n'}
    test = LOADED_FIRST.replace("lib.old", "lib.other").replace(
        "import consumer", "import lib.old\nimport consumer"
    )
    tree = {**TREE, **other, "consumer.py": LATE_USE, "test_use.py": test}
    assert apply(tree, tests=True)["test_use.py"] == test.replace("lib.other", "lib.home")


def test_an_import_at_the_top_moves_whoever_replaces_the_name_in_the_home(apply):
    both = "from lib.old import f\nfrom lib import home\n\n\ndef both(): return f(), home.f()\n"
    test = patching("lib.home.f", ("b", "x"))
    applied = apply({**TREE, "both.py": both, "test_both.py": test}, tests=True)
    assert applied["both.py"] == both.replace("lib.old", "lib.home")


def test_a_patch_moves_in_the_same_run_when_nothing_else_loads_what_it_would_reach(apply):
    tree = {
        "lib/__init__.py": "",
        "lib/home.py": TREE["lib/home.py"],
        "lib/late.py": "from lib import home\n\n\ndef both(): return home.f()\n",
        "lib/old.py": '"""Deprecated."""\nfrom lib.home import g\nfrom lib.late import both\n',
        "lib/pair.py": '"""Deprecated."""\nfrom lib.home import f\n',
        "test_f.py": (
            "from unittest.mock import patch\nimport lib.pair as pair\nfrom lib.old import g\n\n\n"
            "@patch.object(pair, 'f', return_value='both')\n"
            "def test_f(fake): assert (pair.f(), g()) == ('both', 'g')\n"
        ),
    }
    applied = apply(tree, tests=True)
    moved = tree["test_f.py"].replace("import lib.pair as", "import lib.home as")
    assert applied["test_f.py"] == moved.replace("lib.old", "lib.home")


def test_a_type_in_a_string_of_a_test_is_no_patch(apply):
    home = "class Record: pass\n\n\ndef make(): return Record()\n"
    test = 'import typing\nfrom lib.home import make\n\n\ndef test_use(): assert typing.cast("lib.old.Record", make())\n'
    tree = {
        "lib/__init__.py": "",
        "lib/home.py": home,
        "lib/old.py": '"""Deprecated."""\nfrom lib.home import Record\n',
        "test_use.py": test,
    }
    applied = apply(tree, tests=True)
    assert applied.changed == {"test_use.py": test.replace("lib.old", "lib.home")}


SHOWN = {
    "at the end of a notebook's cell": ("nb.ipynb", "import lib.old as o\no"),
    "in a script": ("script.py", "import lib.old as o\nprint(o, f'{o}')\n"),
    "in a function": ("script.py", "import lib.old as o\n\n\ndef show(): print(o, o.g())\n"),
}


def _as_file(path, source):
    if not path.endswith(".ipynb"):
        return source
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": source.splitlines(keepends=True)}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize("path, source", SHOWN.values(), ids=SHOWN)
def test_a_patch_moves_beside_a_module_that_is_only_shown(apply, path, source):
    test = patching("lib.old.f", "x", "consumer.use()")
    tree = {**TREE, path: _as_file(path, source), "test_use.py": test}
    applied = apply(tree, tests=True)
    assert applied.changed.keys() == {"consumer.py", "test_use.py"}
    assert any(
        line.startswith(path) and line.endswith("the module itself is shown, not a name of it")
        for line in applied.skipped
    )


GIVEN_TO_OTHERS = {
    "a list": "import lib.old as o\n\nKNOWN = [o]\n",
    "another function": "import lib.old as o\n\n\ndef show(): return work(o)\n",
    "a result": "import lib.old as o\n\n\ndef module(): return o\n",
}


@pytest.mark.parametrize("source", GIVEN_TO_OTHERS.values(), ids=GIVEN_TO_OTHERS)
def test_a_patch_stays_beside_a_module_that_is_given_to_others_and_says_where(apply, source):
    test = patching("lib.old.f", "x", "consumer.use()")
    applied = apply({**TREE, "given.py": source, "test_use.py": test})
    assert applied.changed == {}
    assert any(
        line.startswith('test_use.py:5: "lib.old": it must move together with given.py:')
        and line.endswith("the module itself is handed on, not a name of it")
        for line in applied.skipped
    )


DYNAMIC_TARGETS = {
    "put together by join": "patch('.'.join(('lib', 'old', 'f')), fake)",
    "put together by format": "patch('lib.{}.f'.format('old'), fake)",
    "made of the module's own name": "patch(lib.old.__name__ + '.f', fake)",
    "in the module's dictionary": "patch.dict('lib.old.__dict__', f=fake)",
    "in a module that is imported by name": "patch.object(importlib.import_module('lib.old'), 'f', fake)",
}


@pytest.mark.parametrize("patch", DYNAMIC_TARGETS.values(), ids=DYNAMIC_TARGETS)
def test_a_late_look_up_stays_with_a_patch_of_what_is(apply, patch):
    stuck = "import lib.old as o\n\n\ndef module(): return o\n"
    test = (
        "import importlib\nfrom unittest.mock import patch\nimport consumer\nimport lib.old\n\n"
        f"fake = lambda: 'x'\n\n\ndef test_use():\n    with {patch}: assert consumer.use() == 'x'\n"
    )
    applied = apply({**TREE, "stuck.py": stuck, "test_use.py": test}, tests=True)
    assert "consumer.py" not in applied.changed


LATE_BY_STRINGS = {
    "a plugin": "import importlib\n\nPLUGIN = 'lib.old:f'\n\n\ndef use():\n    module, _, name = PLUGIN.partition(':')\n    return getattr(importlib.import_module(module), name)()\n",
    "a module in a list": "import importlib\n\nMODULES = ['lib.old']\n\n\ndef use(): return importlib.import_module(MODULES[0]).f()\n",
    "part of a name": "import importlib\n\nNAME = 'old'\n\n\ndef use(): return importlib.import_module(f'lib.{NAME}').f()\n",
    "an attribute of the package": "import lib\nimport lib.old\n\n\ndef use(): return getattr(lib, 'old').f()\n",
}


@pytest.mark.parametrize("consumer", LATE_BY_STRINGS.values(), ids=LATE_BY_STRINGS)
def test_a_patch_stays_where_a_string_leads_to_the_shim_as(apply, consumer):
    test = patching("lib.old.f", "x", "consumer.use()")
    applied = apply({**TREE, "consumer.py": consumer, "test_use.py": test}, tests=True)
    assert applied.changed == {}
    assert any("it must move together with consumer.py:" in line for line in applied.skipped)


def test_an_import_by_name_stays_where_a_test_replaces_the_name_in_the_home(apply):
    consumer = "import importlib\n\n\ndef use(): return importlib.import_module('lib.old').f()\n"
    both = LATE_IN_THE_HOME["by an attribute"]
    test = patching("lib.home.f", ("b", "x"))
    shim = '"""Deprecated."""\nfrom lib.home import f\n'
    tree = {**TREE, "lib/old.py": shim, "consumer.py": consumer, "both.py": both}
    assert apply({**tree, "test_both.py": test}, tests=True).changed == {}


NO_LOOK_UPS = {
    "the name of a logger": "import logging\n\nlog = logging.getLogger('lib.old')\n",
    "the logger whose level a test sets": "def check(caplog): caplog.set_level('INFO', logger='lib.old')\n",
    "the logger whose level a test sets, in its place": "def check(caplog):\n"
    "    with caplog.at_level('INFO', 'lib.old'): pass\n",
    "the logger that a test listens to": "def check(self):\n    with self.assertLogs('lib.old'): pass\n",
    "a sentence": "TEXT = 'do not use lib.old any more'\n",
    "an attribute of something else": "def show(x): return getattr(x, 'old')\n",
}


@pytest.mark.parametrize("source", NO_LOOK_UPS.values(), ids=NO_LOOK_UPS)
def test_a_patch_moves_beside_a_string_that_is(apply, source):
    test = patching("lib.old.f", "x", "consumer.use()")
    applied = apply({**TREE, "other.py": source, "test_use.py": test}, tests=True)
    assert {"consumer.py", "test_use.py"} <= applied.changed.keys()


EAGER = "from lib.old import f\n\n\ndef use(): return f()\n"
USED_AT_HOME = {**TREE, "lib/home.py": "def f(): return 'b'\n\n\ndef g(): return f()\n"}
USED_AT_HOME["lib/old.py"] = '"""Deprecated."""\nfrom lib.home import f, g\n'
USED_AT_HOME["consumer.py"] = EAGER
LOADED_LATE = {
    "by an import in the test": "import sys\nfrom unittest.mock import patch\nfrom lib import home\n\n\n"
    "@patch('lib.old.f', return_value='x')\ndef test_use(fake):\n    sys.modules.pop('consumer', None)\n"
    "    import consumer\n    del sys.modules['consumer']\n    assert consumer.use() + home.g() == 'xb'\n",
    "by a reload": "import importlib\nfrom unittest.mock import patch\nfrom lib import home\nimport consumer\n\n\n"
    "def test_use():\n    with patch('lib.old.f', return_value='x'):\n"
    "        module = importlib.reload(consumer)\n        assert module.use() + home.g() == 'xb'\n",
}


@pytest.mark.parametrize("test", LOADED_LATE.values(), ids=LOADED_LATE)
def test_an_import_at_the_top_stays_with_the_patch_while_which_a_test_loads_the_file(apply, test):
    applied = apply({**USED_AT_HOME, "test_use.py": test}, tests=True)
    assert applied.changed == {}
    assert any(
        "consumer.py:1: lib.old.f: it must move together with test_use.py:" in line
        for line in applied.skipped
    )


@pytest.mark.parametrize("test", LOADED_LATE.values(), ids=LOADED_LATE)
def test_an_import_at_the_top_moves_with_the_patch_while_which_a_test_loads_the_file(apply, test):
    home = "def f(): return 'b'\n\n\ndef g(): return 'b'\n"
    applied = apply({**USED_AT_HOME, "lib/home.py": home, "test_use.py": test}, tests=True)
    assert applied["consumer.py"] == EAGER.replace("lib.old", "lib.home")
    assert applied["test_use.py"] == test.replace("lib.old", "lib.home")


LOADED_BEFORE = {
    "at the top, too": "from unittest.mock import patch\nfrom lib import home\nimport consumer\n\n\n"
    "@patch('lib.old.f', return_value='x')\ndef test_use(fake):\n    import consumer\n\n"
    "    assert consumer.use() + home.g() == 'bb'\n",
    "another file": "from unittest.mock import patch\nfrom lib import home\nimport consumer\n\n\n"
    "@patch('lib.old.f', return_value='x')\ndef test_use(fake):\n    import json\n\n"
    "    assert consumer.use() + home.g() == 'bb'\n",
    "what is not patched": "from unittest.mock import patch\n\n\n"
    "@patch('json.dumps')\ndef test_use(fake):\n    import consumer\n\n    assert consumer.use() == 'b'\n",
}


@pytest.mark.parametrize("test", LOADED_BEFORE.values(), ids=LOADED_BEFORE)
def test_an_import_at_the_top_moves_where_the_test_loads_before_it_patches(apply, test):
    applied = apply({**USED_AT_HOME, "test_use.py": test}, tests=True)
    assert applied.changed == {"consumer.py": EAGER.replace("lib.old", "lib.home")}


# What a test loads while its patch holds takes names from where the patch has put a double.
AT_LOAD = "from lib.{} import f\n\nVALUE = f()\n"
LOADING = (
    "import sys\nfrom unittest.mock import patch\nimport lib.old\nimport consumer\n\n\n"
    "def test_use():\n    sys.modules.pop('taker', None)\n"
    "    with patch('lib.{}.f', return_value='x'):\n        import taker\n\n"
    "        assert taker.VALUE == 'b'\n        assert [consumer.use(), lib.old.g()]\n"
)
APART = (
    "from unittest.mock import patch\nimport consumer\nimport lib.old\n\n\ndef test_taker():\n"
    "    import taker\n\n    assert taker.VALUE == 'b'\n\n\n"
    "@patch('lib.old.f', return_value='x')\ndef test_use(fake): assert [consumer.use(), lib.old.g()]\n"
)


def test_a_patch_stays_where_the_test_loads_what_takes_the_name_from_the_home(apply):
    tree = {**TREE, "taker.py": AT_LOAD.format("home"), "test_use.py": LOADING.format("old")}
    applied = apply(tree, tests=True)
    assert "patch('lib.old.f'" in applied["test_use.py"] and "consumer.py" not in applied.changed
    assert any("f would also change for taker.py:1" in line for line in applied.skipped)


def test_an_import_stays_that_a_test_loads_while_it_replaces_the_name_in_the_home(apply):
    tree = {**TREE, "taker.py": AT_LOAD.format("old"), "test_use.py": LOADING.format("home")}
    applied = apply(tree, tests=True)
    assert "taker.py" not in applied.changed
    assert any("test_use.py:9 replaces f in lib.home" in line for line in applied.skipped)


FIXTURE = (
    "import pytest\n\n\n@pytest.fixture(autouse=True)\n"
    "def fake(monkeypatch): monkeypatch.setattr('lib.old.f', lambda: 'x')\n"
)
TAKER = "from lib.old import f\n\n\ndef use(): return f()\n"
IN_TEST = "def test_taker():\n    from {} import use\n\n    assert use() == '{}'\n"
BY_HOME = "import lib.home\n\n\ndef use(): return lib.home.f()\n"


@pytest.mark.parametrize("way", ["taker", "main"])
def test_an_import_stays_with_the_patch_of_a_conftest_while_which_a_test_loads_it(apply, way):
    tree = {
        **TREE,
        "taker.py": TAKER,
        "main.py": "import taker\n\n\ndef use(): return taker.use()\n",
        "by_home.py": BY_HOME,
        "conftest.py": FIXTURE,
        "test_taker.py": IN_TEST.format(way, "x")
        + "\n\ndef test_home():\n    import by_home\n\n    assert by_home.use() == 'b'\n",
    }
    applied = apply(tree)  # whose fixtures only pytest knows
    assert not {"taker.py", "conftest.py"} & applied.changed.keys()
    assert any(
        line.startswith("taker.py:1: lib.old.f: it must move tog") for line in applied.skipped
    )


@pytest.mark.parametrize(("lazy", "moves"), [(True, False), (False, True)])
def test_an_import_stays_that_comes_through_what_the_conftest_patches(apply, lazy, moves):
    test = IN_TEST.format("taker", "x" if lazy else "b")
    tree = {
        **TREE,
        "lib/older.py": '"""Deprecated."""\nfrom lib.old import f\n',
        "taker.py": TAKER.replace("lib.old", "lib.older"),
        "by_home.py": BY_HOME,
        "conftest.py": FIXTURE,
        "test_taker.py": ("" if lazy else "import taker\n\n\n") + test
        + "\n\ndef test_home():\n    import by_home\n\n    assert by_home.use() == 'b'\n",
    }  # fmt: skip
    applied = apply(tree)  # whose fixtures only pytest knows
    assert "conftest.py" not in applied.changed
    assert ("taker.py" in applied.changed) == ("lib/older.py" in applied.changed) == moves


def test_an_import_moves_that_is_there_before_the_patch_of_the_conftest(apply):
    tree = {
        **TREE,
        "taker.py": TAKER,
        "by_home.py": BY_HOME,
        "conftest.py": "import taker\n" + FIXTURE,
        "test_taker.py": IN_TEST.format("taker", "b")
        + "\n\ndef test_home():\n    import by_home\n\n    assert by_home.use() == 'b'\n",
    }
    applied = apply(tree)  # whose fixtures only pytest knows
    assert applied["taker.py"] == TAKER.replace("lib.old", "lib.home")
    assert "conftest.py" not in applied.changed


def test_a_patch_moves_where_another_test_loads_what_takes_the_name_from_the_home(apply):
    tree = {**TREE, "taker.py": AT_LOAD.format("home"), "test_use.py": APART}
    applied = apply(tree, tests=True)
    assert applied["consumer.py"] == TREE["consumer.py"].replace("lib.old", "lib.home")
    assert "@patch('lib.home.f'" in applied["test_use.py"]


RENAMED = {
    "lib/old.py": '"""Deprecated."""\nfrom lib.home import f as old_f, g\n',
    "consumer.py": "import lib.old as o\n\n\ndef use(): return o.old_f()\n",
}


@pytest.mark.parametrize(
    ("head", "module"),
    [
        ("import consumer", "consumer"),
        ("import consumer as c", "c"),
        ("import lib, consumer as c", "c"),
    ],
)
def test_an_import_stays_whose_names_another_file_takes_by_any_name_of_its_module(
    apply, head, module
):
    test = f"{head}\n\n\ndef test_use(): assert {module}.o.old_f() == 'b'\n"
    assert apply({**TREE, **RENAMED, "test_use.py": test}, tests=True).changed == {}


FACADE = {
    "lib/__init__.py": "from lib.home import f\n",
    "lib/old.py": '"""Deprecated."""\n\n\ndef __getattr__(name):\n    if name == "f":\n        from lib import f\n\n        return f\n    raise AttributeError(name)\n',
}


@pytest.mark.parametrize(
    ("name", "gives", "moves"), [("lib.f", "x", False), ("lib.home.g", "b", True)]
)
def test_a_late_look_up_stays_where_a_test_replaces_the_name_on_the_way_to_its_home(
    apply, name, gives, moves
):
    test = patching(name, gives, "consumer.use()")
    applied = apply({**TREE, **FACADE, "test_use.py": test}, tests=True)
    assert ("consumer.py" in applied.changed) is moves
    assert moves or any("on the way to its home" in line for line in applied.skipped)


def test_a_patch_by_another_name_of_the_module_moves_with_the_late_look_ups_or_not_at_all(apply):
    other = '"""Deprecated."""\nimport sys\n\nfrom lib import old\n\nsys.modules[__name__] = old\n'
    test = patching("lib.other.f", "x", "consumer.use()")
    tree = {**TREE, "lib/other.py": other, "consumer.py": LATE_USE, "test_use.py": test}
    assert apply(tree, tests=True).changed == {}


def test_a_late_look_up_stays_where_a_test_replaces_the_name_by_another_name_of_the_home(apply):
    other = (
        '"""Deprecated."""\nimport sys\n\nfrom lib import home\n\nsys.modules[__name__] = home\n'
    )
    test = patching("lib.other.f", "b", "consumer.use()")
    tree = {**TREE, "lib/other.py": other, "consumer.py": LATE_USE, "test_use.py": test}
    tree["early.py"] = "import lib.old\n\n\ndef g(): return lib.old.g()\n"
    tree["test_use.py"] = test.replace("import consumer", "import early\nimport consumer")
    applied = apply(tree, tests=True)
    assert "consumer.py" not in applied.changed
