"""Small repositories to ask questions about."""

import textwrap

import pytest

from trackfix.project.clients.factory_finder import find_client_factory
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import open_project


@pytest.fixture
def tree(tmp_path):
    """Writes files (path -> source) and opens them as a project."""

    def write(files):
        for path, source in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(textwrap.dedent(source).lstrip("\n"), encoding="utf-8")
        return open_project(tmp_path)

    return write


@pytest.fixture
def resolver(tree):
    """Opens a tree and answers for names in it."""
    return lambda files: Resolver(tree(files))


@pytest.fixture
def ask(resolver):
    """Home and status of one ``module:name`` in a tree, read in the file ``importer``."""

    def run(files, query, importer=""):
        module, _, name = query.partition(":")
        found = resolver(files).resolve(module, name, importer)
        return found.home, found.status

    return run


@pytest.fixture
def find_factory(tree):
    """The client factory of a tree."""

    def run(files):
        project = tree({"pkg/__init__.py": "", **files})
        return find_client_factory(project, Resolver(project))

    return run


@pytest.fixture
def own_factory(find_factory):
    """The client factory of a project with this module."""

    def run(source):
        head = "import mlflow\nfrom mlflow import MlflowClient\n"
        return find_factory({"pkg/clients.py": f"{head}{source}"})

    return run
