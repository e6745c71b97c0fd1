"""The notes of a change have the lines of the file as it was."""

import json

import pytest

from trackfix.project.project import open_project
from trackfix.rewrite.notes import by_first_lines

FIRST = "a\nb\nc\nd\n"


@pytest.fixture
def lines(tmp_path):
    """The lines that notes of all lines of a changed text get."""

    def told(first, now):
        (tmp_path / "m.py").write_bytes(first.encode())
        project = open_project(tmp_path)
        notes = tuple((line, "x") for line in range(1, now.count("\n") + now.count("\r") + 1))
        after = project.overlaid({"m.py": now.encode()})
        return [line for line, _ in by_first_lines(notes, "m.py", project, after)]

    return told


@pytest.mark.parametrize(
    "now, expected",
    [
        (FIRST, [1, 2, 3, 4]),
        ("new\na\nb\nc\nd\n", [1, 1, 2, 3, 4]),
        ("b\nc\nd\n", [2, 3, 4]),
        ("a\nB\nc\nnew\nd\n", [1, 2, 3, 4, 4]),
        ("a\nX\nY\nZ\nd\n", [1, 2, 3, 3, 4]),
        ("a\nb\nc\nd\nlast\n", [1, 2, 3, 4, 5]),
    ],
    ids=["same", "put-before", "taken-away", "both", "more-for-less", "put-behind"],
)
def test_a_line_is_told_as_it_was(lines, now, expected):
    assert lines(FIRST, now) == expected


def test_lines_are_those_of_the_parser(lines):
    assert lines("a\fa\rb\rc\r", "new\ra\fa\rb\rc\r") == [1, 1, 2, 3]


def test_the_lines_of_a_notebook_are_those_of_its_file(tmp_path):
    def notebook(*lines):
        cell = {"cell_type": "code", "metadata": {}, "source": [f"{line}\n" for line in lines]}
        return json.dumps({"cells": [cell], "nbformat": 4}, indent=1)

    (tmp_path / "n.ipynb").write_text(notebook("a", "b"))
    first = open_project(tmp_path)
    now = first.overlaid({"n.ipynb": notebook("new", "a", "b").encode()})
    (line,) = [
        n for n, text in enumerate(notebook("new", "a", "b").split("\n"), 1) if "b\\n" in text
    ]
    assert by_first_lines(((line, "x"),), "n.ipynb", first, now) == ((line - 1, "x"),)


def test_notes_of_what_has_not_changed_are_handed_on(tmp_path):
    (tmp_path / "m.py").write_text(FIRST)
    project = open_project(tmp_path)
    assert by_first_lines(((3, "x"),), "m.py", project, project) == ((3, "x"),)
