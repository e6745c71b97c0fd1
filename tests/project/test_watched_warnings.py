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
