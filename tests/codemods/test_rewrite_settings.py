"""The settings: what counts as a shim, what is kept, and what is renamed."""

import pytest

from trackfix.project.settings.config import ConfigError

HOME = "def a(): return 'a'\ndef b(): return 'b'\nclass New: pass\n"


def settings(**tables):
    lines = ["[tool.trackfix]"]
    lines += [f"{key} = {value!r}" for key, value in tables.items() if not isinstance(value, dict)]
    for key, value in tables.items():
        if isinstance(value, dict):
            lines += [f"[tool.trackfix.{key}]", *(f'"{k}" = "{v}"' for k, v in value.items())]
    return "\n".join(lines) + "\n"


FACADE = {
    "pkg/__init__.py": "from pkg.impl import a\n__all__ = ['a']\n",
    "pkg/impl.py": HOME,
    "app.py": "from pkg import a\n\ndef probe(): return a()\n",
}


def test_a_facade_that_shims_names_is_rewritten(apply):
    assert apply(FACADE).changed == {}
    applied = apply({**FACADE, "pyproject.toml": settings(shims=["pkg"])})
    assert applied.changed == {"app.py": "from pkg.impl import a\n\ndef probe(): return a()\n"}


@pytest.mark.parametrize("pattern", ["old", "o*", "*"])
def test_a_shim_that_keep_names_is_left_alone(apply, pattern):
    tree = {
        "home.py": HOME,
        "old.py": "from home import a\n",
        "app.py": "from old import a\nx = a\n",
    }
    assert apply(tree).changed != {}
    applied = apply(
        {**tree, "pyproject.toml": settings(keep=[pattern])}, "rewrite-imports", "remove-shims"
    )
    assert applied.changed == {}


RENAMES = {
    "a symbol of a module of ours": (
        {"home:a": "home:b"},
        "from home import a\nx = a",
        "from home import b as a\nx = a",
    ),
    "a symbol that moves elsewhere": (
        {"home:a": "other:a"},
        "from home import a, b\nx = a, b",
        "from home import b\nfrom other import a\nx = a, b",
    ),
    "a symbol through its module": (
        {"home:a": "other:a"},
        "import home\nx = home.a, home.b",
        "import home\nimport other\nx = other.a, home.b",
    ),
    "a symbol through its module, and another name": (
        {"home:a": "other:z"},
        "import home\nx = home.a()",
        "import other\nx = other.z()",
    ),
    "a symbol of an outside module": (
        {"json:dumps": "other:a"},
        "from json import dumps, loads\nx = dumps, loads",
        "from json import loads\n\nfrom other import a as dumps\nx = dumps, loads",
    ),
    "a module of ours": (
        {"home": "other"},
        "from home import a\nimport home\nx = a, home.a()",
        "from other import a\nimport other\nx = a, other.a()",
    ),
    "a module of ours under a name": (
        {"home": "other"},
        "import home as h\nx = h.a()",
        "import other as h\nx = h.a()",
    ),
    "an outside module": (
        {"optparse": "argparse"},
        "import optparse\nfrom optparse import SUPPRESS\nx = optparse.SUPPRESS",
        "import argparse\nfrom argparse import SUPPRESS\nx = argparse.SUPPRESS",
    ),
    "a module of a package": (
        {"xml.etree.cElementTree": "xml.etree.ElementTree"},
        "import xml.etree.cElementTree as ET\nfrom xml.etree import cElementTree\nx = ET.XML, cElementTree.XML",
        "import xml.etree.ElementTree as ET\nfrom xml.etree import ElementTree as cElementTree\nx = ET.XML, cElementTree.XML",
    ),
    "a patch target": (
        {"home:a": "other:z"},
        "from unittest.mock import patch\n\n@patch('home.a')\ndef check(x): pass",
        "from unittest.mock import patch\n\n@patch('other.z')\ndef check(x): pass",
    ),
    "another name of the module is left alone": (
        {"home:a": "other:a"},
        "from home import b\nx = b",
        "from home import b\nx = b",
    ),
    "a longer module name is left alone": (
        {"home": "other"},
        "from home_2 import a\nx = a",
        "from home_2 import a\nx = a",
    ),
}


def test_a_renamed_module_of_a_package_that_makes_names_at_run_time_moves(apply):
    applied = apply(
        {
            "pyproject.toml": settings(renames={"pkg.dist": "pkg.moved"}),
            "pkg/__init__.py": "for n in []: globals()[n] = 1\n",
            "pkg/moved.py": HOME,
            "pkg/app.py": "from . import dist\n\ndef probe(): return dist.a()\n",
        },
        same=False,
    )
    assert "from . import moved as dist" in applied["pkg/app.py"]


def test_what_assigns_to_a_renamed_module_moves(apply):
    applied = apply(
        {
            "pyproject.toml": settings(renames={"pkg.dist": "pkg.moved"}),
            "pkg/__init__.py": "",
            "pkg/moved.py": HOME,
            "app.py": "from pkg import dist\n\ndef f():\n    dist.a = dist.b\n",
        },
        same=False,
    )
    assert applied["app.py"].startswith("from pkg import moved as dist\n")


def test_a_renamed_module_that_its_package_takes_from_itself_moves(apply):
    applied = apply(
        {
            "pyproject.toml": settings(renames={"pkg.dist": "pkg.moved"}),
            "pkg/__init__.py": "from pkg import dist\n__all__ = ['dist']\n",
            "pkg/moved.py": HOME,
        },
        same=False,
    )
    assert applied["pkg/__init__.py"] == "from pkg import moved as dist\n__all__ = ['dist']\n"


@pytest.mark.parametrize("renames, before, after", RENAMES.values(), ids=RENAMES)
def test_renames_move_references(apply, renames, before, after):
    applied = apply(
        {
            "pyproject.toml": settings(renames=renames),
            "home.py": HOME,
            "home_2.py": HOME,
            "other.py": HOME + "z = a\ny = 1\n",
            "app.py": before + "\n",
        },
        same=False,
    )
    assert applied["app.py"] == after + "\n"


def test_a_shim_of_a_renamed_home_is_followed_to_the_new_one(apply):
    applied = apply(
        {
            "pyproject.toml": settings(renames={"home:a": "other:a"}),
            "home.py": HOME,
            "other.py": HOME,
            "old.py": "from home import a\n",
            "app.py": "from old import a\n\ndef probe(): return a()\n",
        },
        same=False,
    )
    assert applied["app.py"] == "from other import a\n\ndef probe(): return a()\n"


def test_a_rename_to_what_is_not_there_is_held_back_and_told(apply):
    applied = apply(
        {
            "pyproject.toml": settings(renames={"home:a": "other:nothing"}),
            "home.py": HOME,
            "other.py": HOME,
            "app.py": "from home import a\n",
        }
    )
    assert applied.changed == {}
    assert any(line.startswith("app.py") for line in applied.skipped)


def test_the_home_of_a_rename_does_not_import_itself(apply):
    applied = apply(
        {
            "pyproject.toml": settings(renames={"lib.client:Client": "lib.factory:make"}),
            "lib/__init__.py": "",
            "lib/client.py": "class Client: pass\n",
            "lib/factory.py": "from lib.client import Client\n\ndef make(): return Client()\n",
            "app.py": "from lib.client import Client\n\ndef probe(): return Client()\n",
        },
        same=False,
    )
    assert applied.changed == {
        "app.py": "from lib.factory import make as Client\n\ndef probe(): return Client()\n"
    }


@pytest.mark.parametrize(
    "line, message",
    [
        ("shim = ['x']", "did you mean 'shims'"),
        ("keep = 'x'", "must be a list of strings"),
        ("renames = ['x']", "must be a table"),
        ("renames = { 'a:b' = 'c' }", "both name"),
        ("renames = { 'a-b' = 'c' }", "no dotted name"),
        ("line-length = 'x'", "whole number"),
    ],
)
def test_settings_that_cannot_be_used_are_told_in_one_line(apply, line, message):
    with pytest.raises(ConfigError, match=message):
        apply({"pyproject.toml": f"[tool.trackfix]\n{line}\n"})
