"""What the commands share."""

import pytest


@pytest.mark.parametrize(
    "command",
    [["apply"], ["init"], ["report"], ["resolve", "pkg", "--path"], ["scan"], ["undo"], ["lint"]],
    ids=lambda command: command[0],
)
def test_a_path_that_is_not_there_is_one_line_and_exit_code_2(trackfix, tmp_path, command):
    path = tmp_path / "none"
    done = trackfix(*command, path)
    assert done.exit_code == 2
    assert done.stderr == f"trackfix: {path}: does not exist; check the path\n"
    assert done.stdout == ""
