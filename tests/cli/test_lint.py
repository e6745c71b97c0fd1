"""``trackfix lint`` from the outside: what it prints, writes and returns."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from trackfix.cli.lint import _FORMATS
from trackfix.project import processes
from trackfix.rewrite.journal import COMMITTING, Change, write_journal
from trackfix.source.errors import SourceError
from trackfix.source.text import read_bytes

CLIENT = "from mlflow import MlflowClient\n\nclient = MlflowClient()\n"
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["text\n"]},
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": ["%matplotlib inline\n", "from lib.old import f\n", "f()"],
        },
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def forbid(monkeypatch, tree, name):
    """Make a file one that may not be read, for root as well."""
    write(tree, {name: "from lib.old import f\n"})

    def read(path):
        if Path(path) == tree / name:
            raise SourceError("can't be read: permission denied") from PermissionError()
        return read_bytes(path)

    monkeypatch.setattr("trackfix.project.project.read_bytes", read)


def write(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())


def settle(tree):
    """Make all files old enough to be remembered."""
    for path in tree.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


def contents(root):
    """All files but those that trackfix keeps for itself."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.relative_to(root).parts[0].startswith(".trackfix")
    }


def codes(done):
    """``path code`` of each finding of a concise report."""
    lines = [line.split(": ", 1) for line in done.stdout.splitlines() if ": TRK" in line]
    return [f"{place.split(':')[0]} {rest.split()[0]}" for place, rest in lines]


@pytest.fixture
def lint(tree, trackfix, monkeypatch):
    """Runs in the tree, so that relative paths are those of the tree."""
    monkeypatch.chdir(tree)

    def run(*arguments, **options):
        return trackfix("lint", *arguments, **options)

    return run


@pytest.fixture
def found(lint):
    """The findings as ``path code``."""

    def run(*arguments, **options):
        done = lint("--output-format", "concise", *arguments, **options)
        assert done.exit_code == (1 if codes(done) else 0), done.output
        return codes(done)

    return run


# What is reported, and the exit code


def test_findings_are_reported_and_the_exit_code_is_1(lint):
    done = lint()
    assert done.exit_code == 1
    assert "app.py:1:6: TRK101 [*] 'f' comes through the shim lib.old" in done.stdout
    assert "Found 2 findings in 2 files; 1 fixable with --fix." in done.stdout
    assert done.stderr == ""


def test_without_findings_the_exit_code_is_0(lint, tree):
    write(tree, {"app.py": "from lib.home import f\n", "lib/old.py": ""})
    done = lint()
    assert (done.exit_code, done.stdout) == (0, "No findings.\n")


def test_check_is_another_name_for_lint(lint, trackfix, tree):
    assert trackfix("check", tree).stdout == lint().stdout


def test_with_exit_zero_findings_do_not_fail(lint):
    done = lint("--exit-zero")
    assert done.exit_code == 0
    assert "TRK101" in done.stdout


def test_exit_zero_does_not_hide_an_error(lint):
    assert lint("--exit-zero", "nowhere.py").exit_code == 2


def test_an_empty_project_has_no_findings(tmp_path, trackfix):
    assert trackfix("lint", tmp_path).stdout == "No findings.\n"


# Which rules run


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["--select", "TRK101"], ["app.py TRK101"]),
        (["--select", "shim-import,TRK201"], ["app.py TRK101", "train.py TRK201"]),
        (["--select", "TRK101", "--select", "TRK102"], ["app.py TRK101", "lib/old.py TRK102"]),
        (["--select", "TRK2"], ["train.py TRK201"]),
        (["--ignore", "TRK2"], ["app.py TRK101", "lib/old.py TRK102"]),
        (["--ignore", "ALL"], []),
        (["--select", "TRK1", "--ignore", "reexport-layer"], ["app.py TRK101"]),
        (["--select", "TRK102", "--extend-select", "TRK201"], ["lib/old.py TRK102", "train.py TRK201"]),
        (["--select", "TRK103"], []),
    ],
)  # fmt: skip
def test_the_command_line_says_which_rules_run(tree, found, arguments, expected):
    write(tree, {"train.py": CLIENT})
    assert found(*arguments) == expected


def test_the_command_line_counts_more_than_the_settings(tree, found):
    write(tree, {"pyproject.toml": "[tool.trackfix]\nselect = ['TRK2']\nignore = ['TRK101']\n"})
    assert found() == []
    assert found("--select", "TRK101") == ["app.py TRK101"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--select", "TRK1011"], "unknown rule 'TRK1011' in --select; did you mean 'TRK101'?"),
        (["--ignore", "shim-imports"], "'shim-imports' in --ignore; did you mean 'shim-import'?"),
        (["--extend-select", "W605"], "'W605' in --extend-select; 'trackfix rules' lists them"),
        (["nowhere/app.py"], "nowhere/app.py: does not exist"),
        (["-", "app.py"], "-: does not exist; it reads standard input as the only path"),
        (["--stdin-filename", "app.py"], "--stdin-filename needs '-' as the only path"),
        (["--update-baseline"], "--update-baseline needs --baseline FILE"),
        (["--baseline", "nowhere.json"], "nowhere.json"),
        (["--select", ""], "--select names no rule"),
        (["--ignore", " , "], "--ignore names no rule"),
        (["--extend-select="], "--extend-select names no rule"),
        (["--statistics", "--output-format", "sarif"], "--statistics goes with --output-format"),
    ],
)
@pytest.mark.parametrize("cache", [[], ["--no-cache"]])
def test_a_wrong_argument_is_one_line_and_exit_code_2(lint, arguments, message, cache):
    done = lint(*cache, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--output-format=xml", "--wach"])
def test_an_option_that_is_not_there_is_a_usage_error(lint, option):
    done = lint(option)
    assert done.exit_code == 2
    assert "Usage: " in done.stderr


@pytest.mark.parametrize(
    "table, message",
    [
        ("[tool.trackfix]\nselct = []\n", "no key 'selct'; did you mean 'select'?"),
        ("[tool.trackfix]\nselect = ['TRK110']\n", "'TRK110' in select of [tool.trackfix] in pyproject.toml; did"),
        ("[tool.trackfix]\nper-file-ignores = { 'a.py' = ['X1'] }\n", "unknown rule 'X1' in per-file-ignores"),
        ("[tool.trackfix]\nignore = 'TRK101'\n", "ignore must be a list of strings"),
        ("[tool.trackfix\n", "pyproject.toml: "),
    ],
)  # fmt: skip
def test_a_bad_setting_is_one_line_and_exit_code_2(lint, tree, table, message):
    write(tree, {"pyproject.toml": table})
    done = lint()
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_bad_setting_below_says_in_which_file(lint, tree):
    write(tree, {"lib/pyproject.toml": "[tool.trackfix]\nselct = []\n"})
    done = lint()
    assert done.exit_code == 2
    assert done.stderr.startswith("trackfix: lib/pyproject.toml: [tool.trackfix] has no key")


def test_a_rule_that_can_not_be_loaded_is_one_line_and_exit_code_2(lint, tree, monkeypatch):
    write(
        tree,
        {
            "site/x-1.dist-info/entry_points.txt": "[trackfix.rules]\nABC100 broken = no_module:R\n",
            "site/x-1.dist-info/METADATA": "Name: x\nVersion: 1\n",
        },
    )
    done = subprocess.run(
        [sys.executable, "-c", "from trackfix.__main__ import main; main()", "lint"],
        env={**os.environ, "PYTHONPATH": str(tree / "site")},
        cwd=tree,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("trackfix: rule 'ABC100 broken' (no_module:R) of x can't be")
    assert done.stderr.count("\n") == 1


FAILING = """
class R:
    code, name, good, bad = "ABC100", "failing", (), ()

    def candidates(self, project):
        return project.project.facts

    def check(self, path, project):
        raise KeyError(path)

RULE = R()
"""


@pytest.mark.parametrize("cached", [[], ["--no-cache"]])
@pytest.mark.parametrize("paths", [[], ["a.py"]])
def test_a_rule_of_others_that_fails_is_one_line_and_exit_code_2(tree, cached, paths):
    write(
        tree,
        {
            "a.py": "x = 1\n",
            "site/x-1.dist-info/entry_points.txt": "[trackfix.rules]\nABC100 failing = x_rule:RULE\n",
            "site/x-1.dist-info/METADATA": "Name: x\nVersion: 1\n",
            "site/x_rule.py": FAILING,
        },
    )
    call = "from trackfix.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", call, "lint", *cached, *paths],
        env={**os.environ, "PYTHONPATH": str(tree / "site")},
        cwd=tree,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("trackfix: rule 'ABC100 failing' (x_rule:RULE) of x fails on ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def chain(count):
    return "if CLIENT:\n    x = 0\n" + "elif x:\n    x = 1\n" * count


@pytest.mark.parametrize(
    "deep, expected",
    [
        ("x = 0" + " + 1" * 2_000 + "\n", ["app.py TRK201"]),
        (chain(800), ["app.py TRK201"]),
        (chain(2_500), ["app.py TRK000", "app.py TRK201"]),
    ],
    ids=["operators", "elif", "too many elif"],
)
def test_what_is_nested_deeply_is_checked_or_told(tree, deep, expected):
    write(tree, {"app.py": CLIENT + deep})
    program = [sys.executable, "-m", "trackfix", "lint", "--output-format", "json"]
    done = subprocess.run([*program, "--select", "TRK2"], capture_output=True, text=True, cwd=tree)
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)["findings"]
    assert [f"{one['path']} {one['code']}" for one in found] == expected


# Which files


@pytest.mark.parametrize(
    "given, expected",
    [
        (["."], ["app.py TRK101", "lib/old.py TRK102"]),
        (["app.py"], ["app.py TRK101"]),
        (["./lib/../app.py"], ["app.py TRK101"]),
        (["lib"], ["lib/old.py TRK102"]),
        (["lib/"], ["lib/old.py TRK102"]),
        (["lib/home.py"], []),
        (["lib", "app.py"], ["app.py TRK101", "lib/old.py TRK102"]),
        (["app.py", "app.py"], ["app.py TRK101"]),
        (["README.md"], []),
    ],
)
def test_only_what_is_given_is_reported_and_the_rules_see_all(found, given, expected):
    assert found(*given) == expected


def test_an_absolute_path_is_the_same_as_a_relative_one(found, tree):
    assert found(tree / "app.py") == found("app.py") == ["app.py TRK101"]


def test_in_a_subfolder_the_folder_is_meant_and_paths_are_those_of_the_project(
    found, tree, monkeypatch
):
    monkeypatch.chdir(tree / "lib")
    assert found() == ["lib/old.py TRK102"]
    assert found("..") == ["app.py TRK101", "lib/old.py TRK102"]
    assert found("old.py") == ["lib/old.py TRK102"]


def test_a_file_behind_a_symbolic_link_is_reported_under_its_own_path(found, tree):
    os.symlink("app.py", tree / "link.py")
    assert found("link.py") == ["app.py TRK101"]
    assert found() == ["app.py TRK101", "lib/old.py TRK102"]


def test_a_project_behind_a_symbolic_link_is_checked(found, tree, tmp_path_factory):
    link = tmp_path_factory.mktemp("links") / "project"
    os.symlink(tree, link)
    assert found(link) == ["app.py TRK101", "lib/old.py TRK102"]
    assert found(link / "app.py") == ["app.py TRK101"]


def test_a_given_file_that_no_rule_looks_at_is_named_and_the_others_are_checked(lint, tree):
    done = lint("pyproject.toml", "lib/home.py", "README.md", "lib/facade")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        f"trackfix: {name}: is no Python file and no notebook; it is not checked"
        for name in ("pyproject.toml", "README.md")
    ]
    assert lint("app.py", "README.md").exit_code == 1


def test_what_is_excluded_or_ignored_by_git_is_not_reported(found, tree):
    write(
        tree,
        {
            "pyproject.toml": "[tool.trackfix]\nexclude = ['vendor/', 'app.py']\n",
            ".gitignore": "made.py\n",
            "vendor/a.py": "from lib.old import f\n",
            "made.py": "from lib.old import f\n",
            "kept.py": "from lib.old import f\n",
        },
    )
    assert found("--select", "TRK101") == ["kept.py TRK101"]
    assert found("--select", "TRK101", "vendor", "app.py", "made.py") == []


def test_per_file_ignores_count_for_the_files_they_match_only(found, tree):
    write(
        tree,
        {
            "pyproject.toml": "[tool.trackfix]\nper-file-ignores = { 'lib/**' = ['TRK1'] }\n",
            "lib/use.py": "from lib.old import f\n",
        },
    )
    assert found() == ["app.py TRK101"]


def test_the_nearest_settings_count(found, tree):
    write(
        tree,
        {
            "pyproject.toml": "[tool.trackfix]\nselect = ['TRK101']\n",
            "lib/pyproject.toml": "[tool.trackfix]\nselect = ['TRK102']\n",
            "lib/use.py": "from lib.old import f\n",
        },
    )
    assert found() == ["app.py TRK101", "lib/old.py TRK102"]


@pytest.mark.parametrize("paths", [["libs/one/use.py"], ["libs/one"], ["libs/one", "libs/two"]])
def test_paths_of_projects_below_the_current_folder_are_those_that_open_the_files(
    lint, found, tree, paths
):
    for name in ("one", "two"):
        old = f'"""Deprecated."""\nfrom {name} import x\n'
        files = {"setup.cfg": "", f"{name}.py": "x = 1\n", f"old_{name}.py": old}
        files["use.py"] = f"from old_{name} import x\n"
        write(tree, {f"libs/{name}/{file}": text for file, text in files.items()})
    assert "libs/one/use.py TRK101" in found("--select", "TRK101", *paths)
    assert "file=libs/one/use.py," in lint("--output-format", "github", *paths).stdout
    lint("--baseline", "base.json", "--update-baseline", "libs/one", "libs/two")
    assert lint("--baseline", "base.json", *paths).exit_code == 0


@pytest.mark.parametrize("baseline", ["base.json", "lib/base.json", "../base.json"])
def test_a_baseline_holds_the_same_from_within_a_project_and_from_above(
    lint, tree, monkeypatch, baseline
):
    project = tree / "one"
    old = '"""Deprecated."""\nfrom new import x\n'
    files = {"setup.cfg": "", "new.py": "x = 1\n", "old.py": old, "lib/use.py": "import old\n"}
    write(project, files)
    monkeypatch.chdir(project)
    lint("--baseline", baseline, "--update-baseline")
    assert lint("--baseline", baseline).exit_code == 0
    monkeypatch.chdir(tree)
    above = ("--baseline", f"one/{baseline}", "one")
    assert lint("one").exit_code == 1
    assert lint(*above).exit_code == 0
    before = (project / baseline).read_bytes()
    lint(*above, "--update-baseline")
    assert (project / baseline).read_bytes() == before


def test_several_projects_are_reported_together_by_paths_from_their_common_folder(
    found, tmp_path, tree
):
    write(
        tree,
        {
            "one/setup.py": "",
            "one/home.py": "x = 1\n",
            "one/old.py": '"""Deprecated."""\nfrom home import x\n',
            "one/use.py": "from old import x\n",
            "two/pyproject.toml": "[tool.trackfix]\nselect = ['TRK102']\n",
            "two/home.py": "y = 1\n",
            "two/old.py": '"""Deprecated."""\nfrom home import y\n',
            "two/use.py": "from old import y\n",
        },
    )
    assert found("one", "two/old.py") == [
        "one/old.py TRK102",
        "one/use.py TRK101",
        "two/old.py TRK102",
    ]
    assert found("--select", "TRK101", "one/use.py", "two", "app.py") == [
        "app.py TRK101",
        "one/use.py TRK101",
        "two/use.py TRK101",
    ]


def test_outside_of_any_project_the_folder_is_the_project(tmp_path, trackfix):
    write(
        tmp_path,
        {
            "bare/home.py": "x = 1\n",
            "bare/old.py": '"""Deprecated."""\nfrom home import x\n',
            "bare/use.py": "from old import x\n",
        },
    )
    done = trackfix("lint", "--output-format", "concise", tmp_path / "bare" / "use.py")
    assert codes(done) == ["use.py TRK101"]


def test_a_finding_in_a_notebook_has_the_line_of_its_json_and_the_column_of_the_code(lint, tree):
    text = json.dumps(NOTEBOOK, indent=1)
    write(tree, {"n.ipynb": text})
    line = 1 + text[: text.index("from lib.old")].count("\n")
    done = lint("n.ipynb")
    assert f"n.ipynb:{line}:6: TRK101" in done.stdout
    assert f"{line} | from lib.old import f\n" in done.stdout


def test_a_stub_is_checked_as_any_other_file(found, tree):
    write(tree, {"stub.pyi": "from lib.old import f\n"})
    assert found("stub.pyi") == ["stub.pyi TRK101"]


# What can't be read


def test_a_syntax_error_is_a_finding_and_the_other_files_are_checked(found, tree):
    write(tree, {"broken.py": "x = 1\ndef f(:\n"})
    assert found() == ["app.py TRK101", "broken.py TRK000", "lib/old.py TRK102"]
    assert found("broken.py") == ["broken.py TRK000"]
    assert found("app.py") == ["app.py TRK101"]
    assert found("--select", "TRK101") == ["app.py TRK101", "broken.py TRK000"]


@pytest.mark.parametrize("data", [b"x = 1\0\n", b"# coding: nonsense\n", b"x = '\xff'\n"])
def test_what_is_no_text_is_a_finding(found, tree, data):
    write(tree, {"broken.py": data})
    assert found("broken.py") == ["broken.py TRK000"]


@pytest.mark.parametrize("app", ["x = 1\n", "from lib.old import f\n\nf()\n"])
def test_a_run_with_fixes_tells_of_no_other_syntax_errors(found, tree, app):
    broken = {"broken.py": "print 'x'\n", "broken.ipynb": "{}"}
    write(tree, {f"more/m{number}.py": "" for number in range(40)} | broken | {"app.py": app})
    left = [line for line in found() if not line.startswith("app.py")]
    assert not any("TRK000" in line for line in left)
    assert found("--fix") == left


def test_a_shim_that_only_a_syntax_error_names_is_not_dead(found, tree):
    write(tree, {"app.py": "from lib.home import f\n", "README.md": ""})
    assert found() == ["lib/old.py TRK103"]
    write(tree, {"broken.py": "from lib.old import f\nprint 'old'\n"})
    assert found("lib/old.py") == ["lib/old.py TRK102"]
    assert found() == ["broken.py TRK000", "lib/old.py TRK102"]


def test_what_is_no_notebook_is_a_finding(found, tree):
    write(tree, {"n.ipynb": "{"})
    assert found("n.ipynb") == ["n.ipynb TRK000"]


def test_a_syntax_error_can_be_ignored(found, tree):
    write(tree, {"broken.py": "def f(:\n"})
    assert found("--ignore", "TRK000", "broken.py") == []


@pytest.mark.parametrize("given", [[], ["gone.py", "app.py"], ["--select", "TRK1"]])
@pytest.mark.parametrize("others", [0, 40])
def test_a_file_that_can_not_be_read_is_an_error_and_the_others_are_checked(
    lint, tree, monkeypatch, given, others
):
    write(tree, {f"more/m{number}.py": "" for number in range(others)})
    forbid(monkeypatch, tree, "gone.py")
    done = lint("--output-format", "concise", *given)
    assert done.exit_code == 2
    assert codes(done)[0] == "app.py TRK101"
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("gone.py"))
    assert "permission denied" in line


@pytest.mark.parametrize("option", ["--diff", "--fix", "--add-ignores"])
def test_a_file_that_can_not_be_read_is_told_by_every_way_to_change_files(
    lint, tree, monkeypatch, option
):
    forbid(monkeypatch, tree, "gone.py")
    done = lint(option)
    assert done.exit_code == 2
    assert "permission denied" in done.output


# How it is reported


def read_sarif(text):
    return [result["ruleId"] for result in json.loads(text)["runs"][0]["results"]]


NAMES = {"shim-import": "TRK101", "reexport-layer": "TRK102"}
READERS = {
    "text": lambda text: [word for word in text.split() if word in ("TRK101", "TRK102")],
    "concise": lambda text: [word for word in text.split() if word in ("TRK101", "TRK102")],
    "json": lambda text: [finding["code"] for finding in json.loads(text)["findings"]],
    "sarif": read_sarif,
    "github": lambda text: [line.split("title=")[1][:6] for line in text.splitlines() if line.startswith("::")],
    "gitlab": lambda text: [NAMES[found["check_name"]] for found in json.loads(text)],
    "junit": lambda text: [node.get("type") for node in ElementTree.fromstring(text).iter("failure")],
}  # fmt: skip


@pytest.mark.parametrize("name", _FORMATS)
def test_every_format_can_be_read_back_and_has_all_findings(lint, name):
    done = lint("--output-format", name)
    assert done.exit_code == 1
    assert sorted(code[:6] for code in READERS[name](done.stdout)) == ["TRK101", "TRK102"]


@pytest.mark.parametrize("name", _FORMATS)
def test_every_format_can_say_that_there_is_nothing(lint, name):
    done = lint("--output-format", name, "lib/home.py")
    assert done.exit_code == 0
    assert READERS[name](done.stdout) == []


def test_statistics_count_the_findings_of_each_rule(lint, tree):
    write(tree, {"b.py": "from lib.old import f\n"})
    done = lint("--statistics")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[:2] == [
        "2  TRK101  [*]  shim-import",
        "1  TRK102  [ ]  reexport-layer",
    ]


def test_statistics_can_be_read_by_machines(lint):
    found = json.loads(lint("--statistics", "--output-format", "json").stdout)
    assert found == {
        "version": 1,
        "rules": [
            {"code": "TRK101", "name": "shim-import", "findings": 1, "fixable": 1},
            {"code": "TRK102", "name": "reexport-layer", "findings": 1, "fixable": 0},
        ],
        "unchecked": 0,
    }


# Processes


def test_one_job_finds_the_same_without_another_process(lint, tree, monkeypatch):
    write(tree, {f"m{n}.py": CLIENT for n in range(40)})
    monkeypatch.setattr(processes, "_WORTH_IT", 1)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    forks = []
    fork = os.fork

    def counted():
        forks.append(1)
        return fork()

    monkeypatch.setattr(os, "fork", counted)
    alone = lint("--no-cache", "--jobs", "1")
    assert not forks
    together = lint("--no-cache", "--jobs", "3")
    assert len(forks) == 2
    assert together.output == alone.output


def test_no_job_at_all_is_an_error(lint):
    done = lint("--jobs", "0")
    assert done.exit_code == 2
    assert "--jobs" in done.stderr


# Standard input


def test_standard_input_is_a_file_in_the_current_folder(lint, tree):
    done = lint("-", input=b"from lib.old import f\n")
    assert done.exit_code == 1
    assert "stdin.py:1:6: TRK101" in done.stdout
    assert not (tree / "stdin.py").exists()


def test_only_standard_input_is_reported(found):
    assert found("-", input=b"from lib.home import f\n") == []


def test_standard_input_stands_for_the_file_that_is_named(found, tree):
    named = ["--stdin-filename", "app.py", "-"]
    assert found(*named, input=b"print(1)\n") == []
    assert found(*named, input=b"import lib.old\nlib.old.g()\n") == ["app.py TRK101"]
    assert "from lib.old" in (tree / "app.py").read_text()


@pytest.mark.parametrize("name", ["new.py", "deep/er/new.py", "lib/new.py", "new.pyi"])
def test_a_file_that_is_not_there_yet_can_be_named(found, name):
    given = found("--stdin-filename", name, "-", input=b"from lib.old import f\n")
    assert given == [f"{name} TRK101"]


@pytest.fixture
def no_project(tmp_path_factory, trackfix, monkeypatch):
    """Runs in a folder that belongs to no project, with a library in it."""
    folder = tmp_path_factory.mktemp("folder")
    source = '"""Deprecated."""\nfrom lib.home import f\n'
    write(folder, {"lib/__init__.py": "", "lib/home.py": "f = 1\n", "lib/old.py": source})
    monkeypatch.chdir(folder)
    return folder, lambda *a, **k: trackfix("lint", "--output-format", "concise", *a, **k)


@pytest.mark.parametrize("name", ["app.py", "lib/app.py"])
def test_a_file_outside_of_any_project_is_taken_alone(no_project, name):
    folder, lint = no_project
    given = ["--stdin-filename", name, "-"]
    assert codes(lint(*given, input=b"from lib.old import f\n")) == []
    undefined = lint(*given, input=b"def f():\n    return MlflowClient()\n")
    assert codes(undefined) == [f"{name} TRK202"]
    assert not (folder / ".trackfix_cache").exists()


@pytest.mark.parametrize("mark", ["pyproject.toml", "setup.cfg", ".git/HEAD"])
def test_a_file_in_a_project_is_seen_with_the_rest_of_it(no_project, mark):
    folder, lint = no_project
    write(folder, {mark: ""})
    given = ["--stdin-filename", "app.py", "-"]
    assert codes(lint(*given, input=b"from lib.old import f\n")) == ["app.py TRK101"]


def test_the_other_files_are_seen_as_standard_input_leaves_them(found):
    shim = ["--select", "TRK102", "--stdin-filename", "lib/old.py", "-"]
    assert found(*shim, input=b"def f():\n    pass\n") == []
    assert found(*shim, input=b'"""Deprecated."""\nfrom lib.home import g\n') == [
        "lib/old.py TRK102"
    ]


def test_settings_count_for_standard_input_by_its_name(found, tree):
    write(tree, {"pyproject.toml": "[tool.trackfix]\nper-file-ignores = { 'app.py' = ['TRK1'] }\n"})
    assert found("--stdin-filename", "app.py", "-", input=b"from lib.old import f\n") == []


def test_a_syntax_error_in_standard_input_is_a_finding(found):
    assert found("-", input=b"def f(:\n") == ["stdin.py TRK000"]


def test_standard_input_is_mended_onto_standard_output(lint, tree):
    before = contents(tree)
    done = lint(
        "--fix", "--stdin-filename", "app.py", "-", input=b"from lib.old import f, g\r\nf()\n"
    )
    assert done.stdout_bytes == b"from lib.home import f, g\r\nf()\n"
    assert done.exit_code == 0
    assert "Fixed 1 finding." in done.stderr
    assert contents(tree) == before


def test_standard_input_without_anything_to_mend_comes_out_as_it_went_in(lint):
    data = b"\xef\xbb\xbfimport lib.home\r\n\x0c\rlib.home.f()"
    done = lint("--fix", "-", input=data)
    assert done.stdout_bytes == data


def test_a_diff_of_standard_input_is_shown(lint):
    done = lint("--diff", "--stdin-filename", "app.py", "-", input=b"from lib.old import f\n")
    assert done.exit_code == 1
    assert "-from lib.old import f\n+from lib.home import f\n" in done.stdout


def test_comments_are_added_to_standard_input_on_standard_output(lint, tree):
    before = contents(tree)
    done = lint(
        "--add-ignores", "--stdin-filename", "app.py", "-", input=b"from lib.old import f\n"
    )
    assert done.stdout == "from lib.old import f  # trackfix: ignore[TRK101]\n"
    assert done.exit_code == 0
    assert contents(tree) == before


# Fixes


def test_a_diff_writes_nothing_and_the_exit_code_is_1(lint, tree):
    before = contents(tree)
    done = lint("--diff")
    assert done.exit_code == 1
    assert "--- a/app.py\n+++ b/app.py\n" in done.stdout
    assert "-from lib.old import f\n+from lib.home import f\n" in done.stdout
    assert contents(tree) == before
    assert not (tree / ".trackfix").exists()


def test_a_diff_of_what_needs_no_change_is_empty(lint):
    done = lint("--diff", "lib/home.py")
    assert (done.exit_code, done.stdout) == (0, "")


def test_a_diff_is_what_a_fix_writes(lint, tree):
    write(tree, {"b.py": "import lib.old\n\nlib.old.g()\n"})
    patch = lint("--diff").stdout
    before = contents(tree)
    lint("--fix")
    after = contents(tree)
    write(tree, before)
    subprocess.run(["git", "apply", "-"], input=patch, text=True, cwd=tree, check=True)
    assert contents(tree) == after != before


def test_fixes_are_written_and_what_is_left_is_reported(lint, tree):
    done = lint("--fix")
    assert done.exit_code == 1
    assert (tree / "app.py").read_text() == "from lib.home import f\n\nprint(f())\n"
    assert "Fixed 1 finding." in done.stdout
    assert "TRK102" in done.stdout
    assert "TRK101" not in done.stdout


def test_a_second_fix_changes_nothing(lint, tree):
    lint("--fix")
    once = contents(tree)
    done = lint("--fix")
    assert contents(tree) == once
    assert "Fixed" not in done.stdout


def test_mended_findings_are_counted_although_mending_shows_others(lint, tree):
    (tree / "README.md").unlink()
    write(tree, {"b.py": "from lib.old import g\n\ng()\n"})
    done = lint("--fix", "--ignore", "TRK102")
    assert "Fixed 2 findings.\nFound 1 finding in 1 file" in done.stdout


def test_only_the_files_that_are_given_are_mended(lint, tree):
    write(tree, {"b.py": "from lib.old import g\n\ng()\n"})
    before = contents(tree)
    done = lint("--fix", "app.py")
    assert done.exit_code == 0
    assert {n for n, data in contents(tree).items() if data != before[n]} == {"app.py"}


def test_a_fix_without_anything_to_mend_touches_no_file(lint, tree):
    before = {path: path.stat().st_mtime_ns for path in tree.rglob("*.py")}
    done = lint("--fix", "lib")
    assert done.exit_code == 1
    assert {path: path.stat().st_mtime_ns for path in tree.rglob("*.py")} == before


def test_what_is_suppressed_or_not_selected_is_not_mended(lint, tree):
    write(
        tree,
        {
            "pyproject.toml": "[tool.trackfix]\nper-file-ignores = { 'c.py' = ['TRK101'] }\n",
            "a.py": "from lib.old import f  # trackfix: ignore[TRK101] -- later\n\nf()\n",
            "b.py": "from lib.old import f  # noqa: TRK101\n\nf()\n",
            "c.py": "from lib.old import f\n\nf()\n",
        },
    )
    before = contents(tree)
    lint("--fix")
    assert {n for n, data in contents(tree).items() if data != before[n]} == {"app.py"}
    write(tree, before)
    lint("--fix", "--ignore", "TRK101")
    assert contents(tree) == before


@pytest.mark.parametrize(
    "before, after",
    [
        (b"\xef\xbb\xbffrom lib.old import f\n\nf()\n", b"\xef\xbb\xbffrom lib.home import f\n\nf()\n"),
        (b"from lib.old import f\r\n\r\nf()\r\n", b"from lib.home import f\r\n\r\nf()\r\n"),
        (b"# coding: latin-1\nfrom lib.old import f  # \xfc\nf()", b"# coding: latin-1\nfrom lib.home import f  # \xfc\nf()"),
        (b"from lib.old import f\n\x0c\nf()  \n", b"from lib.home import f\n\x0c\nf()  \n"),
    ],
)  # fmt: skip
def test_the_other_bytes_of_a_mended_file_stay(lint, tree, before, after):
    write(tree, {"app.py": before})
    lint("--fix", "app.py")
    assert (tree / "app.py").read_bytes() == after


def test_a_notebook_is_mended(lint, tree):
    text = json.dumps(NOTEBOOK, indent=1)
    write(tree, {"n.ipynb": text})
    assert lint("--fix", "n.ipynb").exit_code == 0
    assert (tree / "n.ipynb").read_text() == text.replace("lib.old", "lib.home")


@pytest.mark.parametrize("by_name", [False, True])
def test_what_can_not_be_read_is_left_and_the_rest_is_mended(lint, tree, by_name):
    write(tree, {"broken.py": "from lib.old import f\ndef f(:\n"})
    given = [tree / name for name in ("lib", "app.py", "broken.py")] if by_name else []
    done = lint("--fix", "--output-format", "concise", *given)
    assert codes(done) == ["broken.py TRK000", "lib/old.py TRK102"]
    assert (tree / "broken.py").read_text() == "from lib.old import f\ndef f(:\n"
    assert "lib.home" in (tree / "app.py").read_text()


@pytest.mark.parametrize("given", [[], ["lib/old.py"], ["lib", "app.py"]])
def test_unsafe_fixes_are_applied_on_request_only(lint, tree, given):
    (tree / "README.md").unlink()
    kept = lint("--fix")
    assert "TRK103 nothing refers to the shim lib.old" in kept.stdout
    assert "perhaps 1 fixable with --unsafe-fixes" in kept.stdout
    assert (tree / "lib/old.py").exists()
    done = lint("--fix", "--unsafe-fixes", *given)
    said = "Fixed 1 finding.\nRemoved lib/old.py.\nNo findings left.\n"
    assert (done.exit_code, done.stdout) == (0, said)
    assert not (tree / "lib/old.py").exists()


def test_a_removed_file_is_named_beside_a_report_for_machines(lint, tree):
    (tree / "README.md").unlink()
    done = lint("--fix", "--unsafe-fixes", "--output-format", "json")
    assert done.stderr == "trackfix: removed lib/old.py\n"
    assert json.loads(done.stdout)["findings"] == []


def test_a_fix_that_needs_other_files_says_so_and_speaks_of_the_given_ones_only(lint, tree):
    test = "from unittest import mock\nimport {0}\n\n@mock.patch('{0}.MlflowClient')\ndef test_{0}(m): {0}.run()\n"
    app = "from mlflow import MlflowClient\n\ndef run():\n    return MlflowClient()\n"
    make = "from mlflow import MlflowClient\n\ndef make(tracking_uri=None, registry_uri=None):\n    return MlflowClient(tracking_uri, registry_uri)\n"
    tests = {f"test_{name}.py": test.format(name) for name in ("a", "b")}
    settings = "[tool.trackfix]\nclient-factory = 'make:make'\n"
    write(tree, {"pyproject.toml": settings, "make.py": make, "a.py": app, "b.py": app, **tests})
    done = lint("--select", "TRK201", "--output-format", "concise", "--fix", "a.py")
    assert (
        "left alone: MlflowClient: test_a.py:4 patches MlflowClient of this module" in done.stdout
    )
    assert done.stderr.splitlines() == [
        "trackfix: other files have to change too; name them, or mend the whole project"
    ]
    assert "fixable" not in done.stdout
    whole = lint("--select", "TRK201", "--fix")
    assert (whole.stdout, whole.stderr) == ("Fixed 2 findings.\nNo findings left.\n", "")


def test_unsafe_fixes_without_fix_write_nothing(lint, tree):
    before = contents(tree)
    assert lint("--unsafe-fixes").exit_code == 1
    assert contents(tree) == before


def test_what_is_left_is_shown_as_the_fixes_have_left_it(lint, tree):
    write(
        tree,
        {
            "app.py": "from lib.home import g\nfrom lib.old import f\n\nf(g())\n# trackfix: ignore[TRK102]\n"
        },
    )
    done = lint("--fix", "app.py")
    assert (tree / "app.py").read_text().startswith("from lib.home import f, g\n\nf(g())\n")
    assert "app.py:4:1: TRK001" in done.stdout
    assert "4 | # trackfix: ignore[TRK102]\n" in done.stdout


def test_fixes_and_comments_for_what_is_left_can_be_asked_for_at_once(lint, tree):
    done = lint("--fix", "--add-ignores")
    assert done.exit_code == 0
    assert (tree / "app.py").read_text() == "from lib.home import f\n\nprint(f())\n"
    assert lint().stdout == "No findings.\n"


def test_fixes_and_comments_are_both_in_standard_output(lint):
    named = ["--fix", "--add-ignores", "--stdin-filename", "app.py", "-"]
    done = lint(*named, input=b"import lib.old\nlib.old.f()\n")
    assert done.stdout == "import lib.home\nlib.home.f()\n"


def test_a_fix_can_be_undone(lint, tree, trackfix):
    before = contents(tree)
    lint("--fix")
    assert contents(tree) != before
    assert trackfix("undo", tree).exit_code == 0
    assert contents(tree) == before


def test_an_apply_that_was_killed_is_brought_out_first(lint, tree):
    whole = (tree / "app.py").read_bytes()
    write_journal(tree, [Change("app.py", whole, b"half\n")]).move_to(COMMITTING)
    write(tree, {"app.py": "half\n"})
    done = lint("--fix")
    assert "rolled back an interrupted apply" in done.stderr
    assert (tree / "app.py").read_bytes() == whole.replace(b"lib.old", b"lib.home")


def test_without_a_fix_a_killed_apply_is_left_alone(lint, tree):
    whole = (tree / "app.py").read_bytes()
    write_journal(tree, [Change("app.py", whole, b"half\n")]).move_to(COMMITTING)
    write(tree, {"app.py": "half\n"})
    done = lint()
    assert done.stderr == ""
    assert (tree / "app.py").read_bytes() == b"half\n"


def test_a_file_that_can_not_be_written_is_one_line_and_exit_code_2(lint, tree):
    write(tree, {"b.py": "from lib.old import g\n\ng()\n"})
    (tree / "b.py").chmod(0o444)
    done = lint("--fix")
    assert done.exit_code == 2
    assert "b.py" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "lib.old" in (tree / "app.py").read_text()


def test_several_projects_are_mended_each_for_itself(lint, tree):
    write(
        tree,
        {
            "one/setup.py": "",
            "one/home.py": "x = 1\n",
            "one/old.py": '"""Deprecated."""\nfrom home import x\n',
            "one/use.py": "from old import x\n\nprint(x)\n",
        },
    )
    done = lint("--fix", "one/use.py", "app.py")
    assert done.exit_code == 0
    assert "Fixed 2 findings." in done.stdout
    assert (tree / "one/use.py").read_text() == "from home import x\n\nprint(x)\n"
    assert "lib.home" in (tree / "app.py").read_text()


def test_a_fix_that_goes_round_in_a_circle_is_told_and_not_written(lint, tree, monkeypatch):
    write(tree, {"lib/old.py": '"""Deprecated."""\nfrom lib.home import f, g\n'})
    before = contents(tree)
    monkeypatch.setattr("trackfix.lint.fixes._MOST_ROUNDS", 1)
    done = lint("--fix")
    assert "the fixes go round in a circle, nothing was changed" in done.stderr
    assert done.exit_code == 1
    assert contents(tree) == before


# Suppressions and the baseline


def test_ignores_are_added_and_then_there_are_no_findings(lint, tree):
    write(tree, {"n.ipynb": json.dumps(NOTEBOOK, indent=1), "b.py": "import lib.old\r\n"})
    done = lint("--add-ignores")
    assert done.exit_code == 0
    assert done.stdout == "Added comments for 4 findings.\n"
    assert (
        (tree / "app.py")
        .read_text()
        .startswith("from lib.old import f  # trackfix: ignore[TRK101]\n")
    )
    assert (tree / "b.py").read_bytes() == b"import lib.old  # trackfix: ignore[TRK101]\r\n"
    assert lint().stdout == "No findings.\n"


def test_ignores_are_added_to_the_given_files_only(lint, tree):
    before = contents(tree)
    assert lint("--add-ignores", "app.py").exit_code == 0
    assert {n for n, data in contents(tree).items() if data != before[n]} == {"app.py"}


@pytest.mark.parametrize("data", ["def f(:\n", "x = 1\0\n"])
@pytest.mark.parametrize("cache", ["cold", "warm", "none"])
def test_no_ignore_is_added_to_what_is_no_python(lint, tree, data, cache):
    write(tree, {"broken.py": data})
    settle(tree)
    if cache == "warm":
        lint()
    done = lint(*(["--no-cache"] if cache == "none" else []), "--add-ignores")
    assert done.exit_code == 0
    assert done.stdout == "Added comments for 2 findings.\n"
    assert (tree / "broken.py").read_text() == data


def test_where_nothing_is_found_no_ignore_is_added(lint, tree):
    before = contents(tree)
    assert lint("--add-ignores", "lib/home.py").stdout == "Added comments for 0 findings.\n"
    assert contents(tree) == before


def test_an_ignore_that_is_not_needed_is_a_finding(found, tree):
    write(tree, {"app.py": "import lib.home  # trackfix: ignore[TRK101] -- old\n"})
    assert found("app.py") == ["app.py TRK001"]
    assert found("--ignore", "TRK001", "app.py") == []
    assert found("--select", "TRK102", "app.py") == []


def test_what_the_baseline_holds_is_not_reported(lint, tree):
    made = lint("--baseline", "base.json", "--update-baseline")
    assert made.exit_code == 0
    assert "TRK101" in (tree / "base.json").read_text()
    done = lint("--baseline", "base.json")
    assert done.exit_code == 0
    assert "No findings.\nThe baseline holds 2 more findings.\n" in done.stdout
    write(tree, {"b.py": "from lib.old import g\n\ng()\n"})
    again = lint("--baseline", "base.json", "--output-format", "concise", "b.py", "app.py")
    assert codes(again) == ["b.py TRK101"]
    assert again.exit_code == 1


def test_a_baseline_updated_for_some_files_keeps_the_others(lint, tree):
    lint("--baseline", "base.json", "--update-baseline")
    write(tree, {"app.py": "print(1)\n"})
    assert lint("--baseline", "base.json", "--update-baseline", "app.py").exit_code == 0
    text = (tree / "base.json").read_text()
    assert "lib/old.py" in text
    assert "app.py" not in text


def test_a_damaged_baseline_is_one_line_and_exit_code_2(lint, tree):
    write(tree, {"base.json": "{"})
    done = lint("--baseline", "base.json")
    assert done.exit_code == 2
    assert done.stderr.startswith("trackfix: base.json")
    assert done.stderr.count("\n") == 1


def test_a_file_with_uncommitted_changes_is_mended_as_well(repository, lint):
    write(repository, {"app.py": "from lib.old import f\n\nprint(f(), 2)\n"})
    assert lint("--fix", "app.py").exit_code == 0
    assert (repository / "app.py").read_text() == "from lib.home import f\n\nprint(f(), 2)\n"


def test_an_unsafe_fix_says_what_it_may_change(lint, tree):
    rebinds = "LIMIT = 1\n\n\ndef raise_limit():\n    global LIMIT\n    LIMIT += 1\n"
    app = "from lib.old import LIMIT\n\nprint(LIMIT)\n"
    old = "'''Deprecated.'''\nfrom lib.home import LIMIT\n"
    write(tree, {"lib/home.py": rebinds, "lib/old.py": old, "app.py": app})
    told = "trackfix: app.py:1: not proven safe: lib.old.LIMIT: a function in lib/home.py binds LIMIT again\n"
    assert told in lint("--fix", "--unsafe-fixes").stderr
    write(tree, {"lib/home.py": "LIMIT = 1\n", "lib/old.py": old, "app.py": app})
    assert "not proven safe" not in lint("--fix", "--unsafe-fixes").stderr


def test_settings_above_count_for_a_run_on_a_file_of_a_package(lint, tree):
    make = "from mlflow import MlflowClient\n\ndef make(tracking_uri=None): return MlflowClient(tracking_uri)\n"
    app = "from mlflow import MlflowClient\n\nMlflowClient()\n"
    write(tree, {".git/HEAD": "", "make.py": make, "sub/setup.cfg": "", "sub/use.py": app})
    chosen = ("--select", "TRK201", "--output-format", "concise", "sub/use.py")
    assert "not by make:make" not in lint(*chosen).stdout
    write(tree, {"pyproject.toml": "[tool.trackfix]\nclient-factory = 'make:make'\n"})
    done = lint(*chosen)
    assert done.stdout.startswith("sub/use.py:3:1: TRK201")
    assert "not by make:make" in done.stdout
