"""Who may load a file is never less than what the graph of imports shows."""

from pathlib import Path

import pytest

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.possible_importers import possible_importers
from trackfix.project.project import open_project

FIXTURES = sorted(path for path in Path("fixtures").iterdir() if (path / "pyproject.toml").exists())


@pytest.mark.parametrize("root", FIXTURES, ids=lambda path: path.name)
def test_whoever_loads_a_file_is_among_them(root):
    project = open_project(root.resolve())
    graph = ImportGraph(project, later=True)
    told = 0
    for path in project.facts:
        found = possible_importers(project, path)
        if found is not None:
            loading = {other for other in project.facts if path in graph.reachable(other)}
            assert loading <= found, path
            told += len(loading) > 1
    assert told


@pytest.mark.parametrize(
    "statement",
    ["import pkg.a", "from pkg import a", "from pkg.a import f", "import pkg.other", "import pkg"],
)
def test_a_module_around_is_loaded_as_well(tree, statement):
    project = tree({"pkg/__init__.py": "", "pkg/a.py": "", "pkg/other.py": "", "use.py": statement})
    assert "use.py" in (possible_importers(project, "pkg/__init__.py") or ())


def test_whoever_imports_nothing_of_it_is_not_among_them(tree):
    project = tree(
        {
            "pkg/__init__.py": "",
            "pkg/a.py": "",
            "pkg/b.py": "import pkg.c",
            "use.py": "import b",
        }
    )
    assert possible_importers(project, "pkg/a.py") == {"pkg/a.py"}


def test_many_are_not_told(tree):
    users = {f"use{number}.py": "import a" for number in range(50)}
    project = tree({"a.py": "", **users})
    assert possible_importers(project, "a.py") is None


def test_a_module_that_is_registered_under_another_name_is_found_by_it(tree):
    project = tree(
        {
            "pkg/__init__.py": "",
            "pkg/new.py": "",
            "pkg/old.py": "import sys\nfrom pkg import new\nsys.modules['pkg.alias'] = new\n",
            "use.py": "import pkg.alias",
        }
    )
    assert "use.py" in (possible_importers(project, "pkg/old.py") or ())
