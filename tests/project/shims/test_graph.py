"""The imports around the shims: who imports one, where its names come from, and after an edit."""

import pytest

from trackfix.project.project import open_project
from trackfix.project.references.moves import find_moves
from trackfix.project.shims.graph import Edge, ShimGraph, ShimImports

LIBRARY = {
    "pkg/__init__.py": "",
    "pkg/home.py": "def f(): ...\ndef g(): ...\n",
    "pkg/old.py": '"""Deprecated."""\nfrom pkg.home import f, g\n',
}


@pytest.fixture
def imports(tmp_path):
    """Writes files, and gives the project with the imports around its shims."""

    def made(files):
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        project = open_project(tmp_path)
        return project, ShimImports(find_moves(project)[0])

    return made


@pytest.fixture
def graph(imports):
    """The graph of a project as it is."""

    def made(files):
        project, found = imports(files)
        return found.graph(project)

    return made


def test_a_module_imports_a_shim_that_takes_names_from_its_home(graph):
    assert graph(LIBRARY | {"app.py": "from pkg.old import f\n"}) == ShimGraph(
        importers=("app",),
        shims=("pkg.old",),
        homes=("pkg.home",),
        imports=(Edge("app", "pkg.old", 1),),
        handed_on=(Edge("pkg.old", "pkg.home", 2),),
    )


@pytest.mark.parametrize(
    "source",
    [
        "import pkg.old\n",
        "from pkg import old\n",
        "def late():\n    from pkg.old import f\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pkg.old import f\n",
        "from pkg.old import f, g\n",
        "from pkg.old import *\nf()\n",
    ],
)
def test_each_form_of_an_import_is_one(graph, source):
    assert graph(LIBRARY | {"app.py": source}).imports == (Edge("app", "pkg.old", 1),)


def test_a_relative_import_counts(graph):
    found = graph(LIBRARY | {"pkg/user.py": "from .old import f\nfrom . import old\n"})
    assert found.imports == (Edge("pkg.user", "pkg.old", 2),)


def test_direct_imports_of_a_home_are_told_of_those_that_import_a_shim(graph):
    found = graph(
        LIBRARY
        | {
            "app.py": "from pkg.old import f\nfrom pkg.home import g\n",
            "other.py": "from pkg.home import f\n",
        }
    )
    assert found.importers == ("app",)
    assert found.imports == (Edge("app", "pkg.home", 1), Edge("app", "pkg.old", 1))


def test_a_shim_of_a_shim_hands_on_what_the_other_one_has(graph):
    older = {"pkg/older.py": '"""Deprecated."""\nfrom pkg.old import f\n'}
    found = graph(LIBRARY | older | {"app.py": "from pkg.older import f\n"})
    assert found.shims == ("pkg.old", "pkg.older")
    assert found.handed_on == (Edge("pkg.old", "pkg.home", 2), Edge("pkg.older", "pkg.old", 1))
    assert found.idle == ()


def test_a_shim_that_nobody_imports_is_idle(graph):
    found = graph(LIBRARY | {"app.py": "x = 'pkg.old.f'\n"})
    assert found == ShimGraph((), ("pkg.old",), (), (), ())
    assert found.idle == ("pkg.old",)


def test_names_of_other_packages_are_no_homes_beside_the_own_ones(graph):
    old = '"""Deprecated."""\nfrom typing import Any\nfrom pkg.home import f\n'
    found = graph(LIBRARY | {"pkg/old.py": old, "app.py": "from pkg.old import f\n"})
    assert found.homes == ("pkg.home",)


def test_a_home_in_another_package_is_named(graph):
    old = '"""Deprecated."""\nfrom json import loads\n__all__ = ["loads"]\n'
    settings = {"pyproject.toml": "[tool.trackfix]\nshims = ['pkg.old']\n"}
    app = {"app.py": "from pkg.old import loads\nloads('1')\n"}
    found = graph(LIBRARY | settings | app | {"pkg/old.py": old})
    assert found.homes == ("json",)


def test_files_with_one_name_are_told_apart_by_their_paths(graph):
    files = {"a/run.py": "from pkg.old import f\n", "b/run.py": "from pkg.old import g\n"}
    settings = {"pyproject.toml": "[tool.trackfix]\nsrc = ['.', 'a', 'b']\n"}
    assert graph(LIBRARY | files | settings).importers == ("a/run.py", "b/run.py")


def test_a_project_without_shims_has_an_empty_graph(graph):
    assert graph({"app.py": "import json\n"}) == ShimGraph((), (), (), (), ())


def test_after_an_edit_the_importers_stay_and_the_shim_is_idle(imports):
    project, found = imports(LIBRARY | {"app.py": "from pkg.old import f\n"})
    edited = project.overlaid({"app.py": b"from pkg.home import f\n"})
    assert found.graph(edited) == ShimGraph(
        importers=("app",),
        shims=("pkg.old",),
        homes=("pkg.home",),
        imports=(Edge("app", "pkg.home", 1),),
        handed_on=(),
    )
    assert found.graph(edited).idle == ("pkg.old",)


def test_a_shim_that_is_removed_is_gone(imports):
    project, found = imports(LIBRARY | {"app.py": "from pkg.old import f\n"})
    edited = project.overlaid({"app.py": b"from pkg.home import f\n", "pkg/old.py": None})
    assert found.graph(edited).shims == ()


def test_an_importer_that_is_removed_has_no_imports(imports):
    project, found = imports(LIBRARY | {"app.py": "from pkg.old import f\n"})
    assert found.graph(project.overlaid({"app.py": None})).imports == ()


def test_an_entry_of_sys_modules_is_a_shim(graph):
    setter = "import sys\nfrom pkg import home\nsys.modules['pkg.gone'] = home\n"
    found = graph(LIBRARY | {"pkg/compat.py": setter, "app.py": "from pkg.gone import f\n"})
    assert "pkg.gone" in found.shims
    assert Edge("app", "pkg.gone", 1) in found.imports
    assert Edge("pkg.gone", "pkg.home", 2) in found.handed_on
