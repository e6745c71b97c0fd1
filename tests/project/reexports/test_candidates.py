"""Shims are the same whether all files are parsed, or only those that may matter."""

import textwrap
from pathlib import Path

import pytest

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project, open_project
from trackfix.project.reexports.finder import find_reexport_modules, find_shims
from trackfix.project.settings.config import load_config
from trackfix.source.discovery import discover

FIXTURE = Path(__file__).parents[3] / "fixtures" / "legacy_training"
HOME = "def f(): pass\ndef _g(): pass\nX = 1\n"
TREES = {
    "a deprecated module": {"old.py": '"""Deprecated."""\nfrom home import f\n'},
    "a module that code imports from": {"old.py": "from home import f\n", "app.py": "from old import f\n"},
    "a module that only a test imports from": {
        "old.py": "from home import f\n", "tests/test_a.py": "from old import f\n"},
    "a module that nobody imports from": {"old.py": "from home import f\n"},
    "a private name that others take": {"old.py": "from home import _g\n", "app.py": "from old import _g\n"},
    "a helper that warns": {
        "old.py": "import warnings\nfrom home import f\ndef _warn(): warnings.warn('x', DeprecationWarning)\n_warn()\n"},
    "a lazy module": {"old.py": "def __getattr__(name):\n    import home\n    return getattr(home, name)\n"},
    "an entry of sys.modules": {"old.py": "import sys, home\nsys.modules['gone'] = home\n", "app.py": "from gone import f\n"},
    "a module that replaces itself": {"old.py": "import sys, home\nsys.modules[__name__] = home\n"},
    "a package of elsewhere": {"pkg/__init__.py": "from home import f\n", "app.py": "from pkg import f\n"},
    "a facade": {"pkg/__init__.py": "from .impl import f\n", "pkg/impl.py": HOME, "app.py": "from pkg import f\n"},
    "a package of a shim": {
        "pkg/__init__.py": "from .old import f\n", "pkg/old.py": "from home import f\n", "app.py": "from pkg import f\n"},
    "relative imports": {
        "pkg/__init__.py": "", "pkg/home.py": HOME, "pkg/old.py": "from .home import f\n", "pkg/sub/__init__.py": "",
        "pkg/sub/app.py": "from ..old import f\n"},
    "a package that its own modules import from": {
        "pkg/__init__.py": "from home import f\n", "pkg/app.py": "from . import f\n"},
    "a star": {"old.py": "from home import *\n", "app.py": "from old import *\nf()\n"},
    "a definition of its own": {"old.py": "from home import f\ndef g(): pass\n", "app.py": "from old import f\n"},
    "listed in the settings": {
        "pyproject.toml": "[tool.trackfix]\nshims = ['old']\n", "old.py": "from home import f\ndef g(): pass\n",
        "app.py": "from old import f\n"},
    "a script that extends the path": {
        "lib/core/old.py": "from core.home import f\n", "lib/core/home.py": HOME, "run.py": "from core.old import f\n"},
}  # fmt: skip


def compare(root):
    lazy = Project(root, load_config(root), discover(root))
    shims = find_shims(lazy, Resolver(lazy))
    eager = open_project(root)
    every = find_reexport_modules(eager, Resolver(eager))
    assert shims == [entry for entry in every if entry.class_ == "shim"]
    assert lazy.roots == eager.roots
    return shims


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_few_files_tell_the_same_as_all(tree, tmp_path):
    for path, source in {"home.py": HOME, **tree}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(source))
    compare(tmp_path)


def test_few_files_tell_the_same_as_all_on_the_fixture():
    assert len(compare(FIXTURE)) == 16
