"""A late look-up stays where a test may replace it by a name that is put together."""

import pytest

TREE = {
    "lib/__init__.py": "",
    "lib/home.py": "def get_f(): return 'f'\n\n\ndef get_g(): return 'g'\n",
    "lib/old.py": '"""Deprecated."""\nfrom lib.home import get_f, get_g\n',
    "consumer.py": "import lib.old as o\n\n\ndef use(): return o.get_f()\n",
}
MOVED = TREE["consumer.py"].replace("lib.old", "lib.home")
USE = (
    "import consumer\nfrom helpers import stub\n\n\n"
    "def test_use({}):\n    with stub('old'{}):\n        assert consumer.use() == 'x'\n"
)
PATCH = "from unittest.mock import patch\n\n\ndef stub(name): return patch({}, return_value='x')\n"
MAY_PATCH = {
    "an f-string": PATCH.format('f"lib.{name}.get_f"'),
    "a sum": PATCH.format("'lib.' + name + '.get_f'"),
    "percent": PATCH.format("'lib.%s.get_f' % name"),
    "format": PATCH.format("'lib.{}.get_f'.format(name)"),
    "join": PATCH.format("'.'.join(['lib', name, 'get_f'])"),
    "a keyword": PATCH.format("target=f'lib.{name}.get_f'"),
    "any module": PATCH.format("f'{lib}.{name}.get_f'").replace("def", "lib = 'lib'\n\n\ndef"),
}
NEVER_PATCHES = {
    "another name": PATCH.format("f'lib.{name}.get_g'"),
    "another package": PATCH.format("f'other.{name}.get_f'"),
    "no target": PATCH.format("f'https://example.org/{name}'"),
    "nothing that is told": PATCH.format("f'{name}.{name}'"),
    "an attribute": "def stub(name): setattr(stub, f'lib.{name}.get_f', 1)\n",
}


@pytest.mark.parametrize("helpers", MAY_PATCH.values(), ids=MAY_PATCH)
def test_what_may_be_replaced_by_a_built_name_stays(apply, helpers):
    tree = {**TREE, "helpers.py": helpers, "test_use.py": USE.format("", "")}
    applied = apply(tree, tests=True)
    assert applied.changed == {}
    line = 1 + helpers[: helpers.index("patch(")].count("\n")
    why = f"helpers.py:{line} may patch get_f, by a name that is built"
    assert any(line.startswith("consumer.py") and why in line for line in applied.skipped)


def test_what_monkeypatch_may_replace_by_a_built_name_stays(apply):
    helpers = (
        "from contextlib import contextmanager\n\n\n@contextmanager\n"
        "def stub(name, monkeypatch):\n"
        "    monkeypatch.setattr(f'lib.{name}.get_f', lambda: 'x')\n    yield\n"
    )
    test = USE.format("monkeypatch", ", monkeypatch")
    applied = apply({**TREE, "helpers.py": helpers, "test_use.py": test})
    assert applied.changed == {}


@pytest.mark.parametrize("helpers", NEVER_PATCHES.values(), ids=NEVER_PATCHES)
def test_what_no_built_name_can_mean_moves(apply, helpers):
    assert apply({**TREE, "helpers.py": helpers})["consumer.py"] == MOVED


def test_a_name_that_was_taken_at_once_moves_whatever_is_replaced_later(apply):
    consumer = "from lib.old import get_f\n\n\ndef use(): return get_f()\n"
    applied = apply({**TREE, "consumer.py": consumer, "helpers.py": MAY_PATCH["an f-string"]})
    assert applied["consumer.py"] == consumer.replace("lib.old", "lib.home")


def test_an_unsafe_run_moves_it_and_says_so(apply):
    applied = apply({**TREE, "helpers.py": MAY_PATCH["an f-string"]}, unsafe=True)
    assert applied["consumer.py"] == MOVED
