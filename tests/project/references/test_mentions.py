"""Mentions of shims in running text: told, never edited."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackfix.project.references.mentions import file_paths, find_mentions
from trackfix.project.references.moves import find_moves

FILES = {
    "src/pkg/__init__.py": "",
    "src/pkg/home.py": "def f(): pass\n",
    "src/pkg/old.py": "from pkg.home import f\n",
    "user.py": "from pkg.old import f\nfrom flat_old import f as g\n\nprint(f, g)\n",
    "flat_old.py": "from flat_home import f\n",
    "flat_home.py": "def f(): pass\n",
}


@pytest.fixture
def mentions(tree):
    def run(path, text):
        project = tree({**FILES, path: text})
        return [m for m in find_mentions(project, find_moves(project)[0]) if m.path == path]

    return run


TEXTS = [
    ("README.md", "Use `pkg.old.f`.", 1),
    ("README.md", "```python\nfrom pkg.old import f\n```", 1),
    ("a.rst", ".. automodule:: pkg.old", 1),
    ("a.yaml", "_target_: pkg.old.f", 1),
    ("a.json", '{"module": "pkg.old"}', 1),
    ("a.toml", "x = 'pkg.old:f'", 1),
    ("setup.cfg", "x = pkg.old:f", 1),
    ("run.sh", "python -m pkg.old --x", 1),
    ("Dockerfile", "CMD python src/pkg/old.py", 1),
    (".ci/x.yml", "run: python -m pkg.old", 1),
    ("a.md", "pkg/old.py and src/pkg/old.py", 2),
    ("a.md", "pkg.old pkg.old", 2),
    ("a.md", "pkg.older, my.pkg.old, pkg.old_2, pkg_old, pkg-old", 0),
    ("a.md", "pkg.home", 0),
    ("a.md", "old and the old way", 0),
    ("a.md", "", 0),
    ("a.md", "é → pkg.old", 1),
    ("a.ini", "\r\npkg.old\r\n", 1),
    ("a.md", "pkg.old.", 1),
    ("a.md", "(pkg.old)", 1),
    ("a.md", "xpkg.old", 0),
    ("a.txt", "pkg.old.py2", 1),
    ("Makefile", "run:\n\tpython -m $(PKG).old", 1),
    ("run.sh", "python -m ${PKG}.old --x", 1),
    ("run.sh", 'python -m "$PKG.old"', 1),
    ("run.bat", "python -m %PKG%.old", 1),
    ("a.j2", "from {{ package }}.old import f", 1),
    ("template.yaml", "Handler: src/pkg/old.f", 1),
    ("template.yaml", "handler = 'pkg/old.f'", 1),
    ("run.sh", "python -m ${PKG}.older; $PKG.home; ${PKG}_old", 0),
    ("a.html", "$(this).old(1)", 0),
    (
        "template.yaml",
        "Handler: pkg/older.f, pkg/home.f, xpkg/old.f, pkg/old.d/f, pkg/old.md, pkg/old.f/x",
        0,
    ),
]


@pytest.mark.parametrize("path, text, count", TEXTS)
def test_text_files_are_searched_for_whole_names(mentions, path, text, count):
    found = mentions(path, text + "\n")
    assert len(found) == count
    assert all(mention.blocks and mention.key == "src/pkg/old.py" for mention in found)


@pytest.mark.parametrize(
    "path, text, count",
    [
        ("a.json", '{"_target_": "flat_old.f"}', 1),
        ("a.yaml", "_target_: flat_old.f", 1),
        ("README.md", "Use `flat_old.f()`.", 1),
        ("a.toml", "x = 'flat_old:f'", 1),
        ("a.md", "flat_old.md, flat_old.ff, my.flat_old.f, a/flat_old.f, flat_old", 0),
    ],
)
def test_a_module_without_a_package_is_named_by_what_it_hands_on(mentions, path, text, count):
    found = mentions(path, text + "\n")
    assert [mention.key for mention in found if mention.blocks] == ["flat_old.py"] * count


def test_line_and_column_count_from_one(mentions):
    (found,) = mentions("a.md", "one\n  see pkg.old.f here\n")
    assert (found.line, found.column, found.text) == (2, 7, "see pkg.old.f here")


def test_comments_and_docstrings_are_told_but_keep_nothing(mentions):
    source = '"""pkg.old was here."""\nx = 1  # pkg.old\ny = "pkg.old"\ndef f():\n    """pkg.old again"""\n'
    found = mentions("app.py", source)
    assert [(m.line, m.blocks) for m in found] == [(1, False), (2, False), (5, False)]


@pytest.mark.parametrize("path, text, blocks", [
    ("src/pkg/n.py", "# MAGIC %run ./old", [True]),
    ("src/pkg/n.py", '# MAGIC %run "./old" $x="1"', [True]),
    ("src/pkg/n.py", "# MAGIC %run ../pkg/old", [True]),
    ("nb/n.py", "# MAGIC %run /Repos/me@there.org/project/src/pkg/old", [True]),
    ("nb/n.py", "dbutils.notebook.run('../src/pkg/old', 60)", [True]),
    ("nb/n.py", "dbutils.notebook.run(\n    '../src/pkg/old',\n    60)", [True]),
    ("jobs.json", '{"notebook_path": "src/pkg/old"}', [True]),
    ("jobs.yml", "notebook_path: ../src/pkg/old", [True]),
    ("nb/n.py", "# MAGIC %sh\n# MAGIC python -m pkg.old", [True]),
    ("src/pkg/n.py", "# MAGIC %run ./older", []),
    ("src/pkg/n.py", "# MAGIC %run ./old/a", []),
    ("src/pkg/n.py", "# run ./old", []),
    ("src/pkg/n.py", "notebook.start('./old')", []),
    ("src/pkg/n.py", "# COMMAND ---------- pkg.old", [False]),
])  # fmt: skip
def test_what_runs_a_notebook_of_databricks_keeps_it(mentions, path, text, blocks):
    found = mentions(path, f"# Databricks notebook source\n{text}\n")
    assert [m.blocks for m in found] == blocks
    assert all(m.key == "src/pkg/old.py" for m in found)


def test_a_file_that_is_no_text_does_no_harm(tree, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00pkg")
    project = tree({**FILES, "b.txt": "pkg.old\n"})
    found = find_mentions(project, find_moves(project)[0])
    assert [mention.path for mention in found] == ["b.txt"]


def test_a_shim_may_name_itself(mentions):
    assert (
        mentions("src/pkg/old.py", '"""pkg.old is deprecated."""\nfrom pkg.home import f\n') == []
    )


def test_nothing_is_mentioned_where_nothing_moved(tree):
    project = tree({"home.py": "x = 1\n", "README.md": "home.x\n"})
    assert find_mentions(project, find_moves(project)[0]) == []


@pytest.mark.parametrize("path, text", [
    ("base.json", '{"version": 1, "findings": {"old.py": {"TRK103:0123456789abcdef": 1}}}'),
    ("report.json", '[{"check_name": "TRK102", "location": {"path": "old.py"}}]'),
])  # fmt: skip
def test_what_trackfix_has_written_of_its_findings_keeps_nothing(mentions, path, text):
    assert mentions(path, text) == []
    assert mentions(path, text.replace("TRK", "ABC"))


@given(st.text(alphabet="ab1_./- \ny\u00e9p\u00b2", max_size=40) | st.lists(
    st.sampled_from(["a", ".py", "/", ".", " ", "x.py", ".pyc", "-", "\u00b2"]), max_size=12
).map("".join))  # fmt: skip
def test_the_paths_are_those_of_the_plain_expression(text):
    expected = [match.span() for match in re.finditer(r"[\w./\-]*\w\.py\b", text)]
    assert list(file_paths(text)) == expected
