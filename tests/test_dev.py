import importlib
import shutil
import sys
from pathlib import Path

import pytest

DEV = Path(__file__).resolve().parent.parent / "dev.py"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(DEV.parent)
    return importlib.import_module("dev")


@pytest.fixture
def dev(script, tmp_path, monkeypatch):
    """The script for a project in an empty folder, which only notes what it would run."""
    noted = []

    def run(*command, given=None):
        noted.append(" ".join(str(word).replace(str(tmp_path), "") for word in command))
        if "--clear" in command:
            shutil.rmtree(command[-1], ignore_errors=True)
            command[-1].mkdir()

    for name in ("PROJECT", "LOCK", "LOWEST_LOCK"):
        path = tmp_path / getattr(script, name).name
        path.write_text(name)
        monkeypatch.setattr(script, name, path)
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "run", run)
    monkeypatch.setattr(script, "commands", noted, raising=False)
    monkeypatch.delenv("VENV", raising=False)
    return script


def installs(commands):
    return [command.split(" ")[-1] for command in commands if "pip" in command]


def test_the_first_run_makes_an_environment_of_what_the_lock_names(dev):
    dev.main(["test", "-k", "name"])
    made, locked, installed, tests = dev.commands
    assert made.endswith("-m venv --clear /.venv")
    assert locked.endswith("--require-hashes -r /requirements-dev.lock")
    assert "--no-deps" in installed
    assert tests == "/.venv/bin/python -m pytest -k name"


def test_the_second_run_installs_nothing(dev):
    dev.main(["venv"])
    dev.commands.clear()
    dev.main(["demo"])
    assert dev.commands == ["/.venv/bin/python fixtures/demo.py"]


def test_another_lock_means_another_environment(dev):
    dev.main(["venv"])
    dev.commands.clear()
    dev.LOCK.write_text("newer")
    dev.main(["venv"])
    assert installs(dev.commands) == ["/requirements-dev.lock", "."]


def test_other_settings_of_the_project_only_install_it_again(dev):
    dev.main(["venv"])
    dev.commands.clear()
    dev.PROJECT.write_text("newer")
    dev.main(["venv"])
    assert installs(dev.commands) == ["."]


def test_an_environment_that_was_not_finished_is_made_again(dev, monkeypatch):
    run = dev.run

    def failing(*command, given=None):
        run(*command)
        if "pip" in command:
            sys.exit(1)

    monkeypatch.setattr(dev, "run", failing)
    for _ in range(2):
        with pytest.raises(SystemExit):
            dev.main(["venv"])
    assert len([command for command in dev.commands if "--clear" in command]) == 2


def test_the_lowest_mlflow_has_an_environment_of_its_own(dev):
    dev.main(["test-lowest", "-x"])
    assert installs(dev.commands) == ["/requirements-lowest.lock", "."]
    assert dev.commands[-1].startswith("/.venv-lowest/bin/python -m pytest tests/tracking")
    assert dev.commands[-1].endswith(" -x")


def test_both_locks_are_written_of_the_same_project(dev):
    dev.main(["lock", "--upgrade"])
    locks = [command for command in dev.commands if "compile" in command]
    assert [command.rpartition(" -o ")[2] for command in locks] == [
        "requirements-dev.lock",
        "requirements-lowest.lock",
    ]
    assert all(" --upgrade pyproject.toml " in command for command in locks)


@pytest.mark.parametrize(
    ("arguments", "code"), [(["nothing"], 2), (["lock", "--all"], 2), ([], 0), (["--help"], 0)]
)
def test_what_is_not_known_shows_what_is(dev, capsys, arguments, code):
    with pytest.raises(SystemExit) as ended:
        dev.main(arguments)
    assert (ended.value.code, dev.commands) == (code, [])
    assert "dev.py test" in capsys.readouterr().out


def test_an_old_python_is_told_which_one_is_needed(dev, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))
    with pytest.raises(SystemExit, match=r"Python 3\.10 or newer"):
        dev.main(["test"])
    assert dev.commands == []


def test_a_command_that_fails_ends_it_with_its_code(script):
    with pytest.raises(SystemExit) as ended:
        script.run(sys.executable, "-c", "import sys; sys.exit(3)")
    assert ended.value.code == 3
