"""What the page for a meeting shows is gathered without writing anything."""

import pytest

from trackfix.lint.overview import take_overview
from trackfix.project.project import open_project

FILES = {
    "lib/__init__.py": b"",
    "lib/home.py": b"def f(): ...\n",
    "lib/old.py": b'"""Deprecated."""\nfrom lib.home import f\n',
    "app.py": b"# coding: latin-1\r\nfrom lib.old import f\r\nx = '\xe9'\r\nf()\r\n",
    "stub.pyi": b"x: int\n",
    "broken.py": b"def f(:\n",
}


@pytest.fixture
def overview(tmp_path):
    def made(files):
        for path, data in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(data)
        return take_overview(open_project(tmp_path))

    return made


def test_nothing_is_written(overview, tmp_path):
    overview(FILES)
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == set(
        FILES
    )


def test_files_are_counted_by_kind_and_problems_told_once(overview, tmp_path):
    found = overview(FILES)
    assert found.name == tmp_path.name
    assert found.files == {"Python file": 5, "stub file": 1, "notebook": 0}
    assert [problem.path for problem in found.problems] == ["broken.py"]


def test_changes_are_the_texts_of_the_plan(overview):
    found = overview(FILES)
    assert found.edits == {"rewrite-imports": 1}
    change = found.changes[0]
    assert (change.path, change.codemods) == ("app.py", ("rewrite-imports",))
    assert change.before == FILES["app.py"].decode("latin-1")
    assert change.after == change.before.replace("lib.old", "lib.home")


def test_the_imports_after_are_those_of_the_plan(overview):
    found = overview(FILES)
    assert [edge.target for edge in found.before.imports] == ["lib.old"]
    assert [edge.target for edge in found.after.imports] == ["lib.home"]


def test_step_is_told_of_the_files_that_are_linted(overview, tmp_path):
    overview(FILES)
    steps = []
    take_overview(open_project(tmp_path), lambda done, total: steps.append((done, total)))
    assert steps
    assert steps == sorted(steps)


def test_an_empty_project_has_nothing(overview):
    found = overview({})
    assert (found.entries, found.plan.files, found.changes, found.edits) == ((), (), (), {})
    assert found.outcome.findings == ()
    assert found.before == found.after
