"""Functions of one file, and what is read of them."""

import ast
import textwrap
from pathlib import Path

import pytest

from trackfix.lint.rule import LintProject
from trackfix.project.project import open_project
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.run_logic.reading import read_run_logic
from trackfix.project.run_logic.values.bodies import FileBodies
from trackfix.source.document import from_bytes


def document_of(source, path="pkg/module.py"):
    return from_bytes(path, textwrap.dedent(source).lstrip("\n").encode())


@pytest.fixture
def body_of():
    """The body of the function ``f`` of a source, or of the module if there is none."""

    def read(source):
        file = FileBodies(document_of(source))
        return file.by_name.get("f", file.bodies[0])

    return read


@pytest.fixture
def last_value(body_of):
    """The body, and the expression of the last statement of ``f``, which is an assignment or
    a return."""

    def read(source):
        body = body_of(source)
        node = body.node.body[-1]
        assert isinstance(node, (ast.Assign, ast.Return, ast.Expr))
        return body, node.value

    return read


@pytest.fixture
def logic_of():
    """What is read of a source."""
    return lambda source: read_run_logic(document_of(source))


@pytest.fixture
def fragments_of(logic_of):
    """The pieces of one kind in a source."""
    return lambda source, kind: [f for f in logic_of(source).fragments if f.kind == kind]


@pytest.fixture
def duplicates_of(tmp_path: Path):
    """The duplicates of a tree of files (path -> source)."""

    def read(files):
        for path, source in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(textwrap.dedent(source).lstrip("\n"), encoding="utf-8")
        return LintProject(open_project(tmp_path)).analysis(Duplicates)

    return read
