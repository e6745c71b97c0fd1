"""Small repositories to ask questions about."""

import textwrap

import pytest

from trackfix.project.project import open_project
from trackfix.project.resolution import Resolver


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
