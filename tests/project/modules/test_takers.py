"""Who imports what from a file, found by the names of modules and by dots alone."""

import pytest

from trackfix.project.modules.takers import Takers, names_taken, names_taken_from

SERVICES = {
    f"services/{name}/{path}": text
    for name in ("a", "b")
    for path, text in {
        "app/__init__.py": "",
        "app/utils.py": "from app.core import f\n",
        "app/core.py": "def f(): pass\n",
        "app/main.py": "from app.utils import f\nimport app.core\n",
        "app/near.py": "from . import utils\nfrom .utils import f as g\n",
        "tests/test_app.py": "from app.utils import f, only_here\n",
    }.items()
}


@pytest.mark.parametrize("name", ["a", "b"])
def test_each_service_has_the_importers_of_its_own_modules(tree, name):
    takers = Takers(tree(SERVICES))
    app = f"services/{name}/app"
    assert takers.of(f"{app}/utils.py") == {
        "": f"{app}/near.py",
        "f": f"{app}/main.py",
        "only_here": f"services/{name}/tests/test_app.py",
    }
    assert takers.of(f"{app}/__init__.py") == {"utils": f"{app}/near.py"}


def test_what_is_found_for_one_file_is_what_is_found_for_all(tree):
    project = tree(SERVICES)
    every = names_taken(project, project.facts.items())
    takers = Takers(project)
    assert {path: takers.of(path) for path in project.facts if takers.of(path)} == every
    assert {path: names_taken_from(project, path) for path in every} == every


@pytest.mark.parametrize("statement", [
    "from . import x", "from ..x import y", "from .pkg import x", "from pkg.sub.deep import x",
])  # fmt: skip
def test_an_import_of_something_else_takes_nothing(tree, statement):
    project = tree({"pkg/__init__.py": "", "pkg/sub/__init__.py": "", "pkg/sub/m.py": statement})
    assert Takers(project).of("pkg/__init__.py") == {}


@pytest.mark.parametrize(
    ("path", "statement"),
    [("pkg/m.py", "from . import x"), ("pkg/sub/m.py", "from .. import x"), ("m.py", "import pkg")],
)
def test_a_package_is_taken_from_by_dots_and_by_name(tree, path, statement):
    project = tree({"pkg/__init__.py": "", "pkg/sub/__init__.py": "", path: statement})
    name = "x" if "from" in statement else ""
    assert Takers(project).of("pkg/__init__.py") == {name: path}
