"""A patch moves only where it reaches no more in the home than it did in the shim."""

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
