"""References of one file to moved modules, found and located."""

import pytest

from trackfix.project.references.finder import files_with_references, find_references
from trackfix.project.references.moves import find_moves

FILES = {
    "pkg/__init__.py": "",
    "pkg/home.py": "def f(): pass\ndef g(): pass\n",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import f, g\n',
}


@pytest.fixture
def references(tree):
    def run(source, path="app.py"):
        project = tree({**FILES, path: source})
        return find_references(project.document(path), find_moves(project)[0])

    return run


def test_from_imports_are_found_wherever_they_stand(references):
    found = references("""
        from pkg.old import f
        def a():
            from pkg.old import g as x
        class B:
            from pkg.old import *
        try:
            from pkg import old
        except ImportError: pass
    """)
    assert [(item.node.lineno, item.is_star) for item in found.from_imports] == [
        (1, False),
        (3, False),
        (5, True),
    ]
    assert [binding.name for binding in found.bindings] == ["old"]


@pytest.mark.parametrize(
    "path, statement",
    [
        ("pkg/app.py", "from .old import f"),
        ("pkg/app.py", "from . import old"),
        ("pkg/sub/app.py", "from ..old import f"),
        ("pkg/sub/app.py", "from .. import old"),
    ],
)
def test_relative_imports_are_found(references, path, statement):
    assert references(statement + "\n", path)


@pytest.mark.parametrize(
    "source",
    [
        "from .old import f",
        "from ...old import f",
        "from pkg.home import f",
        "import pkg",
        "import older",
        "from pkg.olden import f",
        "old = 1\nold.f",
        "x.old.f",
        "from xpkg import old",
    ],
)
def test_other_imports_are_not(references, source):
    assert not references(source + "\n")


USES = [
    ("import pkg.old\npkg.old.f", [("pkg", 1, "f")]),
    ("import pkg.old as o\no.f.x", [("o", 0, "f")]),
    ("from pkg import old\nold.f()\nold.g", [("old", 0, "f"), ("old", 0, "g")]),
    ("import pkg.old\npkg.home.f\npkg.old.g", [("pkg", 1, "g")]),
    ("import pkg\npkg.old.f", [("pkg", 1, "f")]),
    ("import pkg.old as o\ndef a(o): o.f\n[o.g for o in ()]", []),
    ("import pkg.old as o\nx: 'o.f'", [("o", 0, "f")]),
    ("import pkg.old as o\npatch.object(o, 'f')", [("o", 0, "f")]),
]


@pytest.mark.parametrize("source, uses", USES)
def test_uses_of_a_module_are_found_by_scope(references, source, uses):
    found = references(source + "\n").bindings
    assert [(b.name, use.depth, use.attribute) for b in found for use in b.uses] == uses


def test_a_module_that_is_handed_on_has_an_obstacle(references):
    (binding,) = references("import pkg.old as o\nx = [o]\n").bindings
    assert binding.obstacle == "line 2: the module itself is handed on, not a name of it"


@pytest.mark.parametrize(
    "source",
    [
        "import pytest\nwith pytest.warns(DeprecationWarning):\n    from pkg.old import f\n",
        "import pytest\ndef test():\n    with pytest.deprecated_call():\n        import pkg.old\n",
        "import warnings\nwith warnings.catch_warnings(record=True) as w:\n    from pkg.old import f\n",
        "import pytest\nwith pytest.raises(ImportError):\n    from pkg.old import f\n",
        "class T:\n    def test(self):\n        with self.assertWarns(DeprecationWarning):\n            from pkg.old import f\n",
        "import pytest\nwith pytest.warns(DeprecationWarning):\n    import_module('pkg.old')\n",
        "import pytest\nwith pytest.warns(DeprecationWarning):\n    old = import_module('pkg.old')\nold.f()\n",
        "def test(recwarn):\n    __import__('pkg.old')\n",
    ],
)
def test_imports_that_a_test_watches_have_an_obstacle(references, source):
    found = references(source)
    assert all(item.obstacle for item in (*found.from_imports, *found.bindings, *found.strings))
    assert found


@pytest.mark.parametrize(
    "source",
    [
        "import warnings\nwith warnings.catch_warnings():\n    from pkg.old import f\n",
        "import pytest\nwith pytest.raises(ValueError):\n    from pkg.old import f\n    f()\n",
        "with open('x') as y:\n    from pkg.old import f\n",
    ],
)
def test_imports_in_other_with_statements_have_none(references, source):
    by_name = source.replace("from pkg.old import f\n", "f = import_module('pkg.old').f\n")
    assert [item.obstacle for item in references(source).from_imports] == [""]
    assert [item.obstacle for item in references(by_name).strings] == [""]


def test_strings_are_found_with_their_places(references):
    source = (
        "from unittest.mock import patch\npatch('pkg.old.f')\npatch('pkg.home.f')\nx = 'pkg.old'\n"
    )
    found = sorted(references(source).strings, key=lambda item: item.start)
    assert [source[item.start : item.end] for item in found] == ["pkg.old.f", "pkg.old"]
    assert found[0].replacement == "pkg.home.f"
    assert [bool(item.obstacle) for item in found] == [False, True]


def test_docstrings_are_read_for_roles_and_examples(references):
    source = '"""See :func:`pkg.old.f`.\n\n>>> from pkg.old import g\n"""\n'
    assert [item.replacement for item in references(source).docs] == [
        "pkg.home.f",
        "from pkg.home import g",
    ]


def test_files_without_a_word_of_it_are_not_opened(tree):
    project = tree(
        {
            **FILES,
            "none.py": "import pkg\n",
            "word.py": "# old\n",
            "use.py": "import pkg.old\n",
            "part.py": "older = bold = 1\n",
            "pkg/dots.py": "from . import old\n",
        }
    )
    found = files_with_references(find_moves(project)[0])
    assert "none.py" not in found and "part.py" not in found
    assert {"use.py", "pkg/dots.py"} <= set(found)
