"""The hooks in ``.pre-commit-hooks.yaml``, run by the real pre-commit on a scratch repository.

pre-commit would install ``language: python`` hooks from the network, so they are run as
``language: system`` with all else as the manifest has it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MANIFEST = Path(__file__).parents[1] / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
FILES = {
    "pyproject.toml": "[project]\nname = 'p'\n",
    "lib/__init__.py": "",
    "lib/home.py": "def f():\n    return 1\n",
    "lib/old.py": '"""Deprecated, moved to lib.home."""\n\nfrom lib.home import f\n',
    "other.py": "from lib.old import f\n\nprint(f())\n",
}
SHIMMED = "from lib.old import f\n\nprint(f())\n"
CLEAN = "from lib.home import f\n\nprint(f())\n"


@pytest.fixture(scope="module")
def hooks():
    clientlib = pytest.importorskip("pre_commit.clientlib")
    return {hook["id"]: hook for hook in clientlib.load_manifest(str(MANIFEST))}


@pytest.fixture
def environment(tmp_path_factory):
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    home = str(tmp_path_factory.mktemp("home"))
    return own | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": home,
        "HOME": home,
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@example.invalid",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@example.invalid",
    }


@pytest.fixture
def repository(tmp_path, environment, hooks):
    root = tmp_path / "repository"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    run(["git", "init", "-q"], root, environment)
    run(["git", "add", "-A"], root, environment)
    run(["git", "commit", "-qm", "x"], root, environment)
    return root


def run(command, root, environment):
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture
def commit(repository, environment, hooks):
    """Commits files (path -> text) with one hook installed."""

    def try_to(hook, files):
        local = {**hooks[hook], "language": "system"}
        config = {"repos": [{"repo": "local", "hooks": [local]}]}
        # JSON is YAML too, and the standard library can write it.
        (repository / ".pre-commit-config.yaml").write_text(json.dumps(config))
        run([BIN / "pre-commit", "install"], repository, environment)
        for name, text in files.items():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            (repository / name).write_text(text)
            run(["git", "add", name], repository, environment)
        return run(["git", "commit", "-m", "change"], repository, environment)

    return try_to


def test_the_manifest_is_one_that_pre_commit_accepts(environment, tmp_path):
    done = run([BIN / "pre-commit", "validate-manifest", str(MANIFEST)], tmp_path, environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_there_is_a_hook_that_looks_and_one_that_mends(hooks):
    assert {name: hook["entry"] for name, hook in hooks.items()} == {
        "trackfix": "trackfix lint",
        "trackfix-fix": "trackfix lint --fix",
    }
    for hook in hooks.values():
        assert hook["language"] == "python"
        assert hook["require_serial"]
        assert hook["pass_filenames"]
        assert hook["types_or"] == ["python", "pyi", "jupyter"]


def test_a_finding_in_a_staged_file_stops_the_commit(commit):
    done = commit("trackfix", {"app.py": SHIMMED})
    assert done.returncode == 1
    assert "app.py:1:6: TRK101 [*] 'f' comes through the shim lib.old" in done.stderr
    assert "Found 1 finding in 1 file" in done.stderr


def test_findings_in_other_files_do_not_stop_a_commit(commit):
    done = commit("trackfix", {"app.py": CLEAN, "lib/home.py": "def f():\n    return 2\n"})
    assert done.returncode == 0
    assert "Passed" in done.stderr


def test_a_commit_without_python_does_not_run_the_hook(commit):
    done = commit("trackfix", {"notes.txt": "from lib.old import f\n"})
    assert done.returncode == 0
    assert "Skipped" in done.stderr


def test_notebooks_and_stubs_are_checked(commit):
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    notebook = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps({"cells": [{**cell, "source": ["from lib.old import f\n"]}], **notebook})
    done = commit("trackfix", {"n.ipynb": text, "stub.pyi": "from lib.old import f\n"})
    assert done.returncode == 1
    assert "Found 2 findings in 2 files" in done.stderr


def test_what_is_not_staged_is_not_seen(commit, repository, environment):
    (repository / "app.py").write_text(CLEAN)
    run(["git", "add", "app.py"], repository, environment)
    (repository / "app.py").write_text(SHIMMED)
    assert commit("trackfix", {}).returncode == 0
    assert (repository / "app.py").read_text() == SHIMMED


def test_the_mending_hook_mends_the_staged_files_and_stops_the_commit_once(
    commit, repository, environment
):
    done = commit("trackfix-fix", {"app.py": SHIMMED})
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stderr
    assert (repository / "app.py").read_text() == CLEAN
    assert (repository / "other.py").read_text() == SHIMMED
    assert commit("trackfix-fix", {"app.py": CLEAN}).returncode == 0


def test_the_mending_hook_leaves_a_clean_file_alone(commit, repository):
    assert commit("trackfix-fix", {"app.py": CLEAN}).returncode == 0
    assert (repository / "app.py").read_text() == CLEAN


def test_all_files_can_be_checked_at_once(commit, repository, environment):
    commit("trackfix", {})
    done = run([BIN / "pre-commit", "run", "--all-files"], repository, environment)
    assert done.returncode == 1
    assert "other.py:1:6: TRK101" in done.stdout
    assert "lib/old.py:1:1: TRK102" in done.stdout


def test_what_trackfix_keeps_for_itself_is_not_to_be_committed(commit, repository, environment):
    commit("trackfix-fix", {"app.py": SHIMMED})
    run([BIN / "trackfix", "lint"], repository, environment)
    status = run(["git", "status", "--porcelain"], repository, environment).stdout
    assert ".trackfix" not in status


OWN_HOOK = """# what we check
repos:
  - repo: local  # ours
    hooks:
      - id: ok
        name: ok
        entry: git --version
        language: system
"""
CONFIGS = {
    "none": {"pyproject.toml": None},
    "comments only": {".pre-commit-config.yaml": "# later\n"},
    "one with comments": {".pre-commit-config.yaml": f"{OWN_HOOK}\nfail_fast: false  # the end\n"},
    "one with carriage returns": {".pre-commit-config.yaml": OWN_HOOK.replace("\n", "\r\n")},
    "no line end": {".pre-commit-config.yaml": OWN_HOOK.rstrip("\n")},
    "settings that are there": {"pyproject.toml": "[tool.trackfix]\nignore = ['TRK505']\n"},
}


@pytest.mark.parametrize("files", CONFIGS.values(), ids=CONFIGS)
def test_the_hook_that_init_writes_runs_beside_those_that_are_there(files, repository, environment):
    for name, text in files.items():
        (repository / name).unlink(missing_ok=True)
        if text is not None:
            (repository / name).write_bytes(text.encode())
    run(["git", "add", "-A"], repository, environment)
    run(["git", "commit", "-qm", "settings"], repository, environment)
    assert run([BIN / "trackfix", "init"], repository, environment).returncode == 0
    kept = run(["git", "diff", "--numstat"], repository, environment).stdout
    removed = [int(line.split()[1]) for line in kept.splitlines()]
    assert sum(removed) == _lacks_end(files)
    checked = run([BIN / "pre-commit", "validate-config"], repository, environment)
    assert (checked.returncode, checked.stdout) == (0, "")
    run([BIN / "pre-commit", "install"], repository, environment)
    run(["git", "add", "-A"], repository, environment)
    assert run(["git", "commit", "-m", "hook"], repository, environment).returncode == 0
    (repository / "app.py").write_text(SHIMMED)
    run(["git", "add", "app.py"], repository, environment)
    done = run(["git", "commit", "-m", "change"], repository, environment)
    assert done.returncode == 1
    assert "app.py:1:6: TRK101" in done.stderr
    own = any("id: ok" in text for text in files.values() if text)
    assert ("ok....." in done.stderr) == own


def _lacks_end(files):
    return any(text is not None and not text.endswith("\n") for text in files.values())
