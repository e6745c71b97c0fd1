"""What a ``__getattr__`` gives: values of its module, or names of others."""

import ast

import pytest

from trackfix.project.facts.own_values import gives_own_values

LIMITS = "_LIMITS = {'MAX': 3, 'MODE': 'fast'}\n"
LOOKS_UP = (
    "def __getattr__(name):\n  if name in _LIMITS:\n    return _LIMITS[name]\n"
    "  raise AttributeError(f'{__name__} has no {name}')\n"
)
HELPER = (
    "class _Kept(dict):\n  pass\n_KEPT = _Kept()\ndef _read(name):\n  return _KEPT[name]\n"
    "def __getattr__(name):\n  try:\n    return _read(name)\n"
    "  except KeyError as error:\n    raise AttributeError(name) from error\n"
)
OWN = {
    "a table": LIMITS + LOOKS_UP,
    "a table, with annotations": "from typing import Any\n"
    + LIMITS
    + LOOKS_UP.replace("(name):", "(name: str) -> Any:"),
    "what helpers give": HELPER,
    "the environment": "import os\ndef __getattr__(name): return os.environ[name.upper()]\n",
    "a literal": "def __getattr__(name):\n  if name == 'MAX': return 3\n  raise AttributeError(name)\n",
}
OTHERS = {
    "no __getattr__": LIMITS,
    "an error": "def __getattr__(name): raise AttributeError(name)\n",
    "nothing": "def __getattr__(name): return None\n",
    "a table of what was imported": "from home import f\n_LIMITS = {'g': f}\n" + LOOKS_UP,
    "a table of what comes by a star": "from home import *\n_LIMITS = {'g': f}\n" + LOOKS_UP,
    "a table that is filled below": "import home\n_LIMITS = {}\n_LIMITS.update(g=home.f)\n" + LOOKS_UP,
    "a table that a loop fills": "import home\n_LIMITS = {}\nfor n in 'ab':\n  _LIMITS[n] = home\n"
    + LOOKS_UP,
    "a table of modules": "import importlib\n_LIMITS = {'f': 'home'}\ndef __getattr__(name):\n"
    "  return importlib.import_module(_LIMITS[name])\n",
    "a helper that imports": "def _read(name):\n  from home import f\n  return f\n"
    "def __getattr__(name): return _read(name)\n",
    "a helper that takes attributes": HELPER.replace("_KEPT[name]", "getattr(_KEPT, name)"),
    "an entry of sys.modules": "import sys\ndef __getattr__(name): return sys.modules['home']\n",
}  # fmt: skip


@pytest.mark.parametrize("source", OWN.values(), ids=OWN)
def test_it_gives_values_of_its_own(source):
    assert gives_own_values(ast.parse(source).body)


@pytest.mark.parametrize("source", OTHERS.values(), ids=OTHERS)
def test_it_may_give_what_others_have(source):
    assert not gives_own_values(ast.parse(source).body)
