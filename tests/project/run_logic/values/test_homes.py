"""Where names are defined that files take from other modules."""

import pytest

from trackfix.lint.rule import LintProject
from trackfix.project.project import open_project
from trackfix.project.run_logic.values.homes import absolute_name, home_of

FILES = {
    "pkg/__init__.py": "from pkg.deep import f\n",
    "pkg/deep.py": "def f(): pass\nclass Tags:\n    A = 'a'\n",
    "pkg/again.py": "from pkg.deep import Tags\n",
    "pkg/use.py": "import pkg.deep\n",
}


@pytest.fixture
def project(tmp_path):
    for path, source in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(source, encoding="utf-8")
    return LintProject(open_project(tmp_path))


@pytest.mark.parametrize(
    ("written", "name", "home"),
    [
        ("pkg.deep", "f", ("pkg/deep.py", "f")),
        (".deep", "Tags.A", ("pkg/deep.py", "Tags.A")),
        ("pkg", "f", ("pkg/deep.py", "f")),
        (".", "deep.f", ("pkg/deep.py", "f")),
        ("pkg", "deep.Tags.A", ("pkg/deep.py", "Tags.A")),
        ("pkg", "again.Tags.A", ("pkg/deep.py", "Tags.A")),
        ("pkg", "again.nothing", ("pkg/again.py", "nothing")),
        ("os", "path.join", ("", "")),
        ("nowhere", "f", ("", "")),
    ],
)
def test_the_home_of_a_name_is_where_it_is_made(project, written, name, home):
    assert home_of(project.project, project.resolver, "pkg/use.py", written, name) == home


def test_a_module_is_told_by_its_whole_name(project):
    assert absolute_name(project.project, "pkg/use.py", ".deep") == "pkg.deep"
    assert absolute_name(project.project, "pkg/__init__.py", ".deep") == "pkg.deep"
    assert absolute_name(project.project, "pkg/use.py", "os") == "os"
