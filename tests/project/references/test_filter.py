"""Which files are worth parsing for references to a moved module."""

import unicodedata

import pytest

from trackfix.project.modules.resolution import Resolver
from trackfix.project.shims.shims import Shims

SHIM = "import warnings\nfrom pkg.new import f\nwarnings.warn('moved', DeprecationWarning)\n"


def candidates(tree, path, source):
    """Whether a file with this source is one of them."""
    project = tree(
        {
            "pkg/__init__.py": "",
            "pkg/new.py": "def f(): pass\n",
            "pkg/old.py": SHIM,
            "user.py": "from pkg.old import f\n",
            "other/__init__.py": "",
            path: source,
        }
    )
    return path in Resolver(project).analysis(Shims).candidates


@pytest.mark.parametrize(
    "path, source",
    [
        ("a.py", "import pkg.old"),
        ("a.py", "from pkg import (\n    old as o,\n)"),
        ("pkg/a.py", "from .old import f"),
        ("pkg/a.py", "from . import old"),
        ("pkg/sub/a.py", "from ..old import f"),
        ("a.py", "import pkg\npkg.old.f()"),
        ("a.py", "x = 'pkg.old.f'"),
        ("a.py", "import_module('.old', 'pkg')"),
        ("a.py", "import_module(base + '.old')"),
        ("a.py", "import_module('pkg.' + name)\nname = 'old'"),
        ("a.py", "run('pkg/old.py')"),
        ("a.py", "import pkg\ngetattr(pkg, 'old').f()"),
        ("a.py", "import pkg\nmock.patch.object(pkg, 'old')"),
        ("a.py", "import pkg as p\nmonkeypatch.setattr(p, 'old', fake)"),
        ("a.py", "import pkg\nattrgetter('old')(pkg).f()"),
        ("a.py", "import pkg\nattrgetter('sub.old.f')(pkg)()"),
        ("a.py", "patch('.'.join(['pkg', 'old', 'f']))"),
        ("a.py", "patch('pkg.%s.f' % 'old')"),
    ],
)
def test_a_file_that_may_refer_to_a_shim_is_one(tree, path, source):
    assert candidates(tree, path, source)


@pytest.mark.parametrize(
    "path, source",
    [
        ("other/a.py", "from .old import f"),
        ("other/a.py", "from . import old"),
        ("pkg/sub/a.py", "from .old import f"),
        ("a.py", "from other.old import f"),
        ("a.py", "import_module('other.thing')\nx = 'old'"),
        ("a.py", "sys.modules['other'], 'old'"),
        ("a.py", "old = 1"),
        ("a.py", "getattr(thing, 'old')"),
        ("a.py", "patch(TARGET)\nx = 'old'"),
    ],
)
def test_a_file_that_names_another_module_is_none(tree, path, source):
    assert not candidates(tree, path, source)


ACCENTS = {
    "größe/__init__.py": "",
    "größe/neu.py": "def f(): pass\n",
    "größe/übrig.py": "'Deprecated.'\nfrom größe.neu import f\n",
}


@pytest.mark.parametrize(
    "source",
    [
        "from größe import übrig as u\nu.f()".encode(),
        "from größe.übrig import f".encode(),
        "import größe.übrig".encode(),
        "# coding: latin-1\nfrom größe.übrig import f".encode("latin-1"),
        unicodedata.normalize("NFD", "from größe.übrig import f").encode(),
    ],
)
def test_a_module_may_have_a_name_beyond_ascii(tmp_path, tree, source):
    (tmp_path / "a.py").write_bytes(source)
    project = tree({**ACCENTS, "user.py": "from größe.übrig import f\n"})
    assert "a.py" in Resolver(project).analysis(Shims).candidates


@pytest.mark.parametrize("source", ["from other import brig", "brig.f()", "from .neu import f"])
def test_a_file_of_ascii_names_no_module_beyond_it(tree, source):
    project = tree({**ACCENTS, "a.py": source, "user.py": "from größe.übrig import f\n"})
    assert "a.py" not in Resolver(project).analysis(Shims).candidates
