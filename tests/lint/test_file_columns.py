"""Columns of findings in notebooks, in the notebook's own text."""

import json

import pytest

from trackfix.lint.file_columns import FileColumns, column_in_json
from trackfix.lint.finding import Finding


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "code", ["c = f(x)\n", "f(x)", 'a = "q", f(x)\n', "a = '\\n\\\\', f(x)", "\tä = '😀', f(x)"]
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_column_in_the_json_is_that_of_the_same_text(indent, code, ascii_only):
    line = json.dumps([code], indent=indent, ensure_ascii=ascii_only)
    line = line.splitlines()[1] + "," if indent else line[1:-1]
    start = column_in_json(line, code.index("f(x)") + 1)
    end = column_in_json(line, code.index("f(x)") + 5)
    assert start is not None
    assert end is not None
    assert line[start - 1 : end - 1] == "f(x)"


@pytest.mark.parametrize("line", ["", "{", '"source": "f(x)"', '["f(x)", "g"]', '"f(x)', "f(x)"])
def test_a_line_that_is_not_one_string_has_no_columns(line):
    assert column_in_json(line, 1) is None


def test_a_column_behind_the_code_is_none():
    assert [column_in_json('"ab"', column) for column in (3, 4)] == [4, None]


@pytest.fixture
def columns(tmp_path):
    """The columns of a finding, by its path and its four numbers."""

    def run(path, line, column, end_line, end_column, stdin=None):
        place = (path, line, column, end_line, end_column)
        finding = Finding("TRK201", "direct-client", *place, "message")
        return FileColumns(tmp_path, stdin)(finding)

    (tmp_path / "n.ipynb").write_bytes(b'[\r\n  "a = f(x)\\n",\r\n  "b"\r\n]')
    return run


def test_columns_of_a_notebook_are_read_from_the_file(columns):
    assert columns("n.ipynb", 2, 5, 2, 9) == (8, 12)


def test_columns_of_a_notebook_on_standard_input_are_read_from_there(columns):
    assert columns("gone.ipynb", 1, 1, 1, 2, stdin=b'  "ab"') == (4, 5)


@pytest.mark.parametrize("path, line", [("n.ipynb", 1), ("n.ipynb", 9), ("gone.ipynb", 2)])
def test_there_are_no_columns_where_there_is_no_code(columns, path, line):
    assert columns(path, line, 5, line, 9) is None


def test_columns_of_other_files_stay(columns):
    assert columns("gone.py", 7, 5, 7, 9) == (5, 9)
