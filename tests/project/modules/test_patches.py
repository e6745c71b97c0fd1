"""Attributes of modules that other modules set."""

import pytest

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.settings.config import Config
from trackfix.source.discovery import discover

HOME = "def a(): pass\nclass B: pass\n"


@pytest.fixture(params=["all files are read", "none is"])
def opened(request, tree, tmp_path):
    """Answers for names in a tree."""

    def answers(files):
        project = tree(files)
        if request.param == "none is":
            project = Project(tmp_path, Config(), discover(tmp_path, ()))
        return Resolver(project)

    return answers


@pytest.mark.parametrize("source", [
    "import home\nhome.a = wrap(home.a)\nhome.B.x = 1\n", "import home as h\nh.a: int = 1\n",
    'import home\nsetattr(home, "a", 1)\n', "import home\r\nhome.b = 1\r\nhome.a = 1\r\n",
])  # fmt: skip
def test_a_name_that_another_module_sets_is_not_promised(opened, source):
    answers = opened({"home.py": HOME, "old.py": "from home import a, B\n", "patch.py": source})
    found = answers.resolve("old", "a")
    assert (found.status, found.movable) == ("conditional", False)
    assert "patch.py:" in found.obstacle
    assert answers.resolve("old", "B").movable


@pytest.mark.parametrize("source", [
    "import home\nhome.b = 1\nhome.a.b = 1\n", "import other\nother.a = 1\n", "home.a = 1\n",
    "import home\nassert home.a == 1\n", "import home\ndef f():\n    home.a = 1\n",
])  # fmt: skip
def test_what_sets_something_else_leaves_a_name_as_it_is(opened, source):
    answers = opened({"home.py": HOME, "old.py": "from home import a\n", "patch.py": source})
    assert answers.resolve("old", "a").movable


def test_a_name_is_set_through_the_module_that_is_asked_first(opened):
    answers = opened({
        "pkg/__init__.py": "from . import home\nfrom .patch import x\n",
        "pkg/home.py": HOME, "pkg/patch.py": "from pkg import home\nhome.a = 1\nx = 1\n",
    })  # fmt: skip
    assert answers.resolve("pkg", "home").home == "pkg.home"
    assert not answers.resolve("pkg.home", "a").movable


def test_a_file_that_sets_other_names_is_not_parsed(tree, tmp_path):
    tree(
        {"home.py": HOME, "old.py": "from home import a\n", "patch.py": "import home\nhome.x = (\n"}
    )
    project = Project(tmp_path, Config(), discover(tmp_path, ()))
    assert Resolver(project).resolve("old", "a").movable
    assert not project.problems
