"""Outside plain modules: stubs are rewritten, text files are told."""

import pytest


def test_stubs_name_the_home(apply, library):
    applied = apply(
        {
            **library,
            "app.py": "def use(x): return x\n",
            "app.pyi": "from lib.old import Thing as Thing, h\nimport lib.old\n\ndef use(x: Thing) -> lib.old.Thing: ...\n",
        }
    )
    assert applied.changed == {
        "app.pyi": (
            "from lib.home import Thing as Thing\nfrom lib.other import h\nimport lib.home\n\n"
            "def use(x: Thing) -> lib.home.Thing: ...\n"
        )
    }


# With another name at home, ``f as f`` would become ``g as f``, which no type checker exports.
RENAMED = {
    "lib/__init__.py": "",
    "lib/home.py": "def g(): return 1\n\n\ndef h(): return 2\n",
    "lib/old.py": '"""Deprecated: use lib.home."""\nfrom lib.home import g as f, h\n',
}


@pytest.mark.parametrize("path", ["app.pyi", "app.py"])
def test_a_renamed_name_that_is_exported_by_its_alias_stays(apply, path):
    applied = apply({**RENAMED, "app.py": "", path: "from lib.old import f as f\n"})
    assert applied.changed == {}
    assert [line.rpartition(": ")[2] for line in applied.skipped] == [
        "f as f exports it to type checkers, g as f would not"
    ]


@pytest.mark.parametrize(
    "source, expected",
    [
        ("from lib.old import h as h\n", "from lib.home import h as h\n"),
        ("from lib.old import f\nx = f\n", "from lib.home import g as f\nx = f\n"),
        ("from lib.old import f as g\nx = g\n", "from lib.home import g\nx = g\n"),
        (
            "def use():\n    from lib.old import f as f\n    return f()\n",
            "def use():\n    from lib.home import g as f\n    return f()\n",
        ),
    ],
    ids=["same-name", "no-alias", "another-alias", "in-a-function"],
)
def test_other_renamed_names_move(apply, source, expected):
    assert apply({**RENAMED, "app.py": source})["app.py"] == expected


TEXTS = {
    "README.md": "```python\nfrom lib.old import f\n```\n",
    "docs/index.rst": ".. code-block:: python\n\n   import lib.old\n",
    "setup.cfg": "[options.entry_points]\nconsole_scripts =\n  x = lib.old:f\n",
    "conf/model.yaml": "_target_: lib.old.Thing\n",
    "conf/model.json": '{"module": "lib.old"}\n',
    "run.sh": "python -m lib.old\n",
    "Dockerfile": 'CMD ["python", "-m", "lib.old"]\n',
    ".github/workflows/ci.yml": "- run: python -m lib.old --all\n",
}


@pytest.mark.parametrize("path, text", TEXTS.items(), ids=TEXTS)
def test_text_files_are_told_and_left_alone(apply, library, path, text):
    applied = apply({**library, path: text, "app.py": "from lib.old import f\nx = f\n"})
    assert list(applied.changed) == ["app.py"]
    (found,) = applied.remaining
    assert found.startswith(f"{path}:") and "lib.old" in found


def test_entry_points_in_pyproject_are_told(apply, library):
    text = "[project.scripts]\nx = 'lib.old:f'\n"
    applied = apply({**library, "pyproject.toml": text, "app.py": "from lib.old import f\nx = f\n"})
    assert applied.remaining == ["pyproject.toml:2: x = 'lib.old:f'"]


def test_comments_are_told_and_left_alone(apply, library):
    source = "from lib.old import f  # lib.old.f is slow\n# see lib.old\nx = f\n"
    applied = apply({**library, "app.py": source})
    assert applied["app.py"] == source.replace("from lib.old", "from lib.home")
    assert [line.partition(": ")[0] for line in applied.remaining] == ["app.py:1", "app.py:2"]


def test_longer_names_in_text_are_others(apply, library):
    applied = apply({**library, "README.md": "lib.older xlib.old lib.old_2 my.lib.old\n"})
    assert applied.remaining == []
