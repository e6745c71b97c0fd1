"""A run that nothing has changed for is answered from memory; any other one is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trackfix import __main__ as entry
from trackfix import cli
from trackfix.lint import answers

OLD = 1_700_000_000
FILES = {
    ".gitignore": "ignored/\n*.log\nsetup.cfg\n",
    "pyproject.toml": "[tool.trackfix]\n",
    "app.py": "from mlflow import MlflowClient\nclient = MlflowClient()\n",
    "pkg/__init__.py": "",
    "pkg/deep/a.py": "x = 1\n",
    "pkg/deep/.gitignore": ".gitignore\nlocal.py\n",
    "ignored/made.py": "x = 1\n",
    "notes.log": "",
    "logs/run.log": "",
    "big.txt": "x" * (1 << 20) + "y",
    "setup.cfg": "",
    "env/pyvenv.cfg": "",
    "env/made.py": "x = 1\n",
}


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def age(folder):
    """Make all files and folders old enough to be remembered."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (OLD, OLD), follow_symlinks=False)


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return folder


@pytest.fixture
def repository(tmp_path, home, monkeypatch):
    folder = tmp_path / "repository"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "empty").mkdir()
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    age(folder)
    monkeypatch.chdir(folder)
    # Folders of tests are written to while tests run.
    tests = str(Path(__file__).parents[1])
    monkeypatch.setattr(sys, "path", [p for p in sys.path if not p.startswith(tests)])
    return folder


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the console script: exit code, output, and whether that came from memory."""

    def run(*arguments):
        ordinary = []
        monkeypatch.setattr(sys, "argv", ["trackfix", *(arguments or ("lint",))])
        real = cli.main

        def noted(given):
            ordinary.append(given)
            real(given)

        with monkeypatch.context() as patch, pytest.raises(SystemExit) as ended:
            patch.setattr(cli, "main", noted)
            patch.setattr(entry, "_collect_nothing", lambda: None)
            entry.main()
        return ended.value.code, capsys.readouterr().out, not ordinary

    return run


@pytest.fixture
def remembered(repository, run):
    """A repository in which a run is remembered."""
    first = run()
    age(repository)
    assert run() == (*first[:2], False)
    assert run() == (*first[:2], True)
    return repository


# What is recalled


def test_the_same_run_gives_the_same_answer_from_memory(remembered, run):
    code, output, _ = run()
    assert code == 1
    assert "app.py:2:10: TRK201" in output


def test_a_run_that_finds_nothing_is_recalled_too(repository, run):
    (repository / "app.py").write_text("x = 1\n")
    age(repository)
    run()
    age(repository)
    run()
    assert run() == (0, "No findings.\n", True)


def test_what_is_not_the_projects_may_change(remembered, run):
    (remembered / "ignored" / "made.py").write_text("import os\n")
    (remembered / "ignored" / "new.py").write_text("import os\n")
    (remembered / "notes.log").write_text("more\n")
    assert run()[2]


def test_other_arguments_have_an_answer_of_their_own(remembered, run):
    assert not run("lint", "--output-format", "concise")[2]
    assert run("lint", "--output-format", "concise")[2]
    assert run()[2]


# What is not


def new_file(root):
    (root / "new.py").write_text("x = 1\n")


def new_file_below(root):
    (root / "pkg" / "deep" / "new.py").write_text("x = 1\n")


def new_file_in_an_empty_folder(root):
    (root / "empty" / "new.py").write_text("x = 1\n")


def new_file_where_all_others_are_ignored(root):
    (root / "logs" / "new.py").write_text("x = 1\n")


def new_folder(root):
    (root / "pkg" / "more").mkdir()


def edited_file(root):
    (root / "pkg" / "deep" / "a.py").write_text("x = 2\n")


def edited_with_its_time_kept(root):
    (root / "pkg" / "deep" / "a.py").write_text("x = 2\n")
    os.utime(root / "pkg" / "deep" / "a.py", (OLD, OLD))


def edited_to_be_small_enough(root):
    (root / "big.txt").write_text("pkg.deep.a\n")


def edited_project_file_that_git_ignores(root):
    (root / "setup.cfg").write_text("[options]\npackage_dir =\n    = pkg\n")


def environment_that_is_none_any_more(root):
    (root / "env" / "pyvenv.cfg").unlink()


def removed_file(root):
    (root / "pkg" / "deep" / "a.py").unlink()


def replaced_by_a_link(root):
    (root / "pkg" / "deep" / "a.py").unlink()
    (root / "pkg" / "deep" / "a.py").symlink_to(root / "app.py")
    age(root)


def edited_settings(root):
    (root / "pyproject.toml").write_text("[tool.trackfix]\nexclude = ['app.py']\n")


def edited_ignores(root):
    (root / ".gitignore").write_text("*.log\n")


def edited_ignores_that_git_ignores(root):
    (root / "pkg" / "deep" / ".gitignore").write_text(".gitignore\n")


def added_although_ignored(root):
    git(root, "add", "-f", "ignored/made.py")


def excluded_for_this_clone(root):
    (root / ".git" / "info" / "exclude").write_text("empty/\n")


def ignored_everywhere(root):
    settings = root.parent / "home" / ".config" / "git"
    settings.mkdir(parents=True)
    (settings / "ignore").write_text("empty/\n")


def another_setting_of_git(root):
    (root.parent / "home" / ".gitconfig").write_text("[core]\nexcludesFile = /nowhere\n")


@pytest.mark.parametrize("change", [
    new_file, new_file_below, new_file_in_an_empty_folder,
    new_file_where_all_others_are_ignored, new_folder, edited_file,
    edited_with_its_time_kept, edited_to_be_small_enough, edited_project_file_that_git_ignores,
    environment_that_is_none_any_more,
    removed_file, replaced_by_a_link, edited_settings, edited_ignores,
    edited_ignores_that_git_ignores, added_although_ignored, excluded_for_this_clone,
    ignored_everywhere, another_setting_of_git,
])  # fmt: skip
def test_a_run_after_a_change_is_an_ordinary_one(remembered, run, change):
    change(remembered)
    assert not run()[2]


def test_ignores_above_the_project_count(remembered, run, monkeypatch):
    below = remembered / "below"
    (below / "src").mkdir(parents=True)
    (below / "pyproject.toml").write_text("[tool.trackfix]\n")
    (below / "src" / "a.py").write_text("x = 1\n")
    monkeypatch.chdir(below)
    for _ in range(2):
        age(remembered)
        run()
    assert run()[2]
    (remembered / ".gitignore").write_text("below/src/\n")
    assert not run()[2]


def test_settings_that_come_above_the_project_count(remembered, run, monkeypatch):
    below = remembered / "below"
    below.mkdir()
    (below / "setup.py").write_text("from setuptools import setup\n\nsetup()\n")
    (remembered / "pyproject.toml").unlink(missing_ok=True)
    monkeypatch.chdir(below)
    for _ in range(2):
        age(remembered)
        run()
    assert run() == (0, "No findings.\n", True)
    (remembered / "pyproject.toml").write_text("[tool.trackfix]\n")
    assert not run()[2]


def test_another_installed_package_is_noticed(repository, run, tmp_path, monkeypatch):
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    for _ in range(2):
        age(repository)
        age(site)
        run()
    assert run()[2]
    (site / "some_rules.py").write_text("")
    assert not run()[2]


def test_the_file_of_ignores_that_gits_settings_name_counts(repository, home, run):
    git(repository, "config", "core.excludesFile", "~/more/ignores")
    for _ in range(2):
        age(repository)
        run()
    assert run()[::2] == (1, True)
    (home / "more").mkdir()
    (home / "more" / "ignores").write_text("*.tmp\n")
    assert not run()[2]


def test_another_look_is_another_answer(remembered, run, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert not run()[2]


def test_a_damaged_answer_is_not_taken(remembered, run):
    expected = run()
    (answer,) = (remembered / ".trackfix_cache").glob("answer-*")
    for damaged in (b"", b"\xff\0", answer.read_bytes()[:-5], answer.read_bytes() + b"more"):
        answer.write_bytes(damaged)
        assert run() == (*expected[:2], False)


@pytest.mark.parametrize("arguments", [
    ("lint", "--exit-zero"),
    ("lint", "app.py"),
    ("lint", "./app.py", "pkg"),
    ("lint", "pkg"),
])  # fmt: skip
def test_a_run_is_recalled_whatever_it_reports_on(repository, run, arguments):
    first = run(*arguments)
    age(repository)
    assert run(*arguments) == (*first[:2], False)
    assert run(*arguments) == (*first[:2], True)


def test_a_run_that_exits_with_0_is_another_one(remembered, run):
    assert run("lint", "--exit-zero")[0] == 0
    assert run("lint", "--exit-zero")[::2] == (0, True)
    assert run()[::2] == (1, True)


def test_a_run_on_a_file_rests_on_the_others(repository, run):
    for _ in range(2):
        age(repository)
        run("lint", "app.py")
    assert run("lint", "app.py")[::2] == (1, True)
    (repository / "pkg" / "deep" / "a.py").write_text("x = 2\n")
    assert not run("lint", "app.py")[2]


# What is never remembered


@pytest.mark.parametrize("arguments", [
    ("lint", "--no-cache"),
    ("lint", "--diff"),
    ("lint", ".", "big.txt"),
    ("lint", "--baseline", "baseline.json", "--update-baseline"),
    ("scan",),
])  # fmt: skip
def test_such_a_run_is_always_an_ordinary_one(repository, run, arguments):
    for _ in range(3):
        age(repository)
        assert not run(*arguments)[2]
    assert not list(repository.glob(".trackfix_cache/answer-*"))


def test_a_run_that_changes_files_is_always_an_ordinary_one(repository, run):
    for _ in range(3):
        age(repository)
        assert not run("lint", "--fix")[2]


def test_nothing_is_remembered_of_files_that_were_only_just_written(repository, run):
    run()
    (repository / "pkg" / "deep" / "a.py").write_text("x = 2\n")
    run()
    assert not run()[2]


@pytest.mark.parametrize("arguments", [("ignored/link.py",), ("ignored/link.py", "app.py")])
def test_nothing_is_remembered_of_a_file_given_by_a_symbolic_link(repository, run, arguments):
    (repository / "ignored" / "link.py").symlink_to("../app.py")
    for _ in range(3):
        age(repository)
        code, _, recalled = run("lint", *arguments)
        assert (code, recalled) == (1, False)


def test_nothing_is_remembered_without_git(repository, run):
    (repository / ".git").rename(repository.parent / "elsewhere")
    for _ in range(3):
        age(repository)
        assert not run()[2]


def test_nothing_is_remembered_where_another_repository_is_inside(repository, run):
    git(repository, "init", "-q", "pkg/other")
    for _ in range(3):
        age(repository)
        assert not run()[2]


def test_nothing_is_remembered_of_a_run_from_below(repository, run, monkeypatch):
    monkeypatch.chdir(repository / "pkg")
    for _ in range(3):
        age(repository)
        assert not run()[2]


def test_old_answers_go(remembered, run, monkeypatch):
    monkeypatch.setattr(answers, "_MOST_ANSWERS", 2)
    for code in ("TRK1", "TRK2", "TRK5"):
        run("lint", "--select", code)
    assert len(list((remembered / ".trackfix_cache").glob("answer-*"))) == 2
