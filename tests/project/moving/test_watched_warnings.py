"""A function that a test expects to warn goes on to take its name from the shim that warns."""

import pytest

OLD = '"""Deprecated."""\nimport warnings\n\n\ndef __getattr__(name):\n    if name == "f":\n        warnings.warn("use home", DeprecationWarning, stacklevel=2)\n        from lib.home import f\n\n        return f\n    raise AttributeError(name)\n'
TREE = {
    "lib/__init__.py": "",
    "lib/home.py": "def f(): return 1\n",
    "lib/old.py": OLD,
    "consumer.py": "def use():\n    from lib.old import f\n\n    return f()\n",
}
WATCHES = {
    "pytest.warns": "import pytest\nimport consumer\n\n\ndef test_use():\n    with pytest.warns(DeprecationWarning):\n        assert consumer.use() == 1\n",
    "recwarn": "import consumer\n\n\ndef test_use(recwarn):\n    consumer.use()\n    assert recwarn\n",
    "catch_warnings": "import warnings\nimport consumer\n\n\ndef test_use():\n    with warnings.catch_warnings(record=True) as seen:\n        consumer.use()\n    assert seen\n",
    "assertWarns": "import unittest\nimport consumer\n\n\nclass TestUse(unittest.TestCase):\n    def test_use(self):\n        self.assertWarns(DeprecationWarning, consumer.use)\n",
    "any of several categories": "import pytest\nimport consumer\n\n\ndef test_use():\n    with pytest.warns((UserWarning, DeprecationWarning)):\n        assert consumer.use() == 1\n",
    "a wider category": "import pytest\nimport consumer\n\n\ndef test_use():\n    with pytest.warns(Warning):\n        assert consumer.use() == 1\n",
    "deprecated_call": "import pytest\nimport consumer\n\n\ndef test_use():\n    with pytest.deprecated_call():\n        assert consumer.use() == 1\n",
    "by a name that was bound before": "import pytest\nimport consumer\n\n\ndef test_use():\n    go = consumer.use\n    with pytest.warns(DeprecationWarning):\n        assert go() == 1\n",
    "by a function in the test": "import pytest\nimport consumer\n\n\ndef test_use():\n    def go(): return consumer.use()\n    with pytest.warns(DeprecationWarning):\n        assert go() == 1\n",
    "by a list that was filled before": "import pytest\nimport consumer\n\n\ndef test_use():\n    calls = []\n    calls.append(consumer.use)\n    with pytest.warns(DeprecationWarning):\n        assert calls[0]() == 1\n",
    "by what a loop binds later": "import pytest\nimport consumer\n\n\ndef test_use():\n    for go in (None, None):\n        if go is None:\n            continue\n        with pytest.warns(DeprecationWarning):\n            assert go() == 1\n        go = consumer.use\n    assert consumer\n",
    "a context that is entered elsewhere": "import contextlib\nimport pytest\nimport consumer\n\n\ndef test_use():\n    with contextlib.ExitStack() as stack:\n        stack.enter_context(pytest.warns(DeprecationWarning))\n        assert consumer.use() == 1\n",
    "a fixture": "import pytest\nimport consumer\n\n\n@pytest.fixture\ndef go(): return consumer.use\n\n\ndef test_use(go):\n    with pytest.warns(DeprecationWarning):\n        assert go() == 1\n",
    "behind page breaks": "import pytest\nimport consumer\n\f\n\f\n\f\n\f\n\f\n\f\n\n\ndef test_use():\n    with pytest.warns(DeprecationWarning):\n        assert consumer.use() == 1\n",
    "by another function": "import pytest\nimport consumer\n\n\ndef go(): return consumer.use()\n\n\ndef test_use():\n    with pytest.warns(DeprecationWarning):\n        assert go() == 1\n",
}


@pytest.mark.parametrize("test", WATCHES.values(), ids=WATCHES)
def test_a_late_look_up_stays_where_a_test_expects_its_warning(apply, test):
    applied = apply({**TREE, "test_use.py": test})
    assert applied.changed == {}
    assert any("expects a warning, which may be that of the shim" in s for s in applied.skipped)


UNCONCERNED = {
    "no warning": "import consumer\n\n\ndef test_use(): assert consumer.use() == 1\n",
    "a warning of something else": "import warnings\nimport consumer\nimport pytest\n\n\ndef test_use(): assert consumer.use() == 1\n\n\ndef test_other():\n    with pytest.warns(UserWarning): warnings.warn('x')\n",
    "a warning of something before": "import consumer\nimport pytest\nimport lib.old\n\n\ndef test_use():\n    with pytest.warns(DeprecationWarning):\n        lib.old.f\n    assert consumer.use() == 1\n",
    "a category that can't be its": "import consumer\nimport pytest\nimport warnings\n\n\ndef test_use():\n    with pytest.warns(UserWarning):\n        warnings.warn('x')\n        assert consumer.use() == 1\n",
    "a function that is given something else": "import consumer\nimport unittest\nimport warnings\n\n\ndef other(): warnings.warn('x', DeprecationWarning)\n\n\nclass TestUse(unittest.TestCase):\n    def test_use(self):\n        self.assertWarns(DeprecationWarning, other)\n        assert consumer.use() == 1\n",
    "warnings that are kept quiet": "import warnings\nimport consumer\n\n\ndef test_use():\n    with warnings.catch_warnings():\n        assert consumer.use() == 1\n",
}


@pytest.mark.parametrize("test", UNCONCERNED.values(), ids=UNCONCERNED)
def test_a_late_look_up_moves_beside_a_test_that_expects_no_warning_of_it(apply, test):
    applied = apply({**TREE, "test_use.py": test})
    assert applied["consumer.py"] == TREE["consumer.py"].replace("lib.old", "lib.home")


def test_a_late_look_up_in_a_shim_that_never_warns_moves_whatever_a_test_expects(apply):
    old = '"""Deprecated."""\nfrom lib.home import f\n'
    applied = apply({**TREE, "lib/old.py": old, "test_use.py": WATCHES["recwarn"]})
    assert applied["consumer.py"] == TREE["consumer.py"].replace("lib.old", "lib.home")


def test_an_import_at_the_top_moves_whatever_a_test_expects(apply):
    early = "from lib.old import f\n\n\ndef use(): return f()\n"
    tree = {**TREE, "consumer.py": early, "test_use.py": WATCHES["pytest.warns"]}
    assert apply(tree)["consumer.py"] == early.replace("lib.old", "lib.home")


WARNING = 'warnings.warn("use home", DeprecationWarning, stacklevel=2)'
OTHERS = {
    "another category": 'warnings.warn("use home", UserWarning)',
    "no category": 'warnings.warn("use home")',
}
UNSURE = {
    "a warning object": 'warnings.warn(DeprecationWarning("use home"))',
    "an object of unknown kind": "warnings.warn(MOVED)",
    "a category by a name": 'warnings.warn("use home", category=KIND)',
    "a helper from elsewhere": 'warn_moved("use home")',
}
HEAD = "from lib.warn import KIND, MOVED, warn_moved\n"
WARN = """
    import warnings

    KIND = DeprecationWarning
    MOVED = KIND("moved")

    def warn_moved(text): warnings.warn(text, KIND)
"""


def warning_by(call):
    old = OLD.replace("import warnings\n", f"import warnings\n{HEAD}").replace(WARNING, call)
    return {**TREE, "lib/old.py": old, "lib/warn.py": WARN, "test_use.py": WATCHES["pytest.warns"]}


@pytest.mark.parametrize("call", OTHERS.values(), ids=OTHERS)
def test_a_look_up_moves_where_the_shim_gives_warnings_of_another_category(apply, call):
    assert "consumer.py" in apply(warning_by(call)).changed


@pytest.mark.parametrize("call", UNSURE.values(), ids=UNSURE)
def test_a_look_up_stays_where_the_shim_may_give_any_warning(apply, call):
    applied = apply(warning_by(call))
    assert "consumer.py" not in applied.changed
    assert any("expects a warning, which may be that of the shim" in s for s in applied.skipped)


def test_a_look_up_stays_where_a_shim_behind_the_shim_gives_the_expected_warning(apply):
    other = OLD.replace("DeprecationWarning", "UserWarning").replace("lib.home", "lib.older")
    tree = {**TREE, "lib/old.py": other, "lib/older.py": OLD}
    applied = apply({**tree, "test_use.py": WATCHES["pytest.warns"]})
    assert "consumer.py" not in applied.changed
    assert any("expects a warning, which may be that of the shim" in s for s in applied.skipped)
