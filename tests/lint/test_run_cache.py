"""What a run remembers, and when that is no longer good."""

import importlib
import json
import os
import subprocess
import sys
import time

import pytest

from trackfix.lint import cache_folder, runner
from trackfix.lint.cache_folder import FOLDER
from trackfix.lint.registry import available_rules


@pytest.fixture
def runs(monkeypatch):
    """One entry for each time that the rules were really run."""
    seen = []
    real = runner.lint

    def count(*arguments, **options):
        seen.append(1)
        return real(*arguments, **options)

    monkeypatch.setattr(runner, "lint", count)
    return seen


def entries(project):
    return sorted((project / FOLDER).glob("lint-*.json"))


def check(session, **options):
    return session(cached=True, **options).check()


def test_a_second_run_takes_the_same_findings_from_the_cache(session, runs):
    first = check(session)
    assert first.findings
    assert first.findings[0].fix
    assert first.findings[0].related
    assert check(session) == first
    assert len(runs) == 1


def test_suppressed_findings_are_remembered_too(session, project, write, runs):
    write(project, {"app.py": "from lib.old import f  # noqa: TRK101\n\nf()\n"})
    assert [found.path for found in check(session).suppressed] == ["app.py"]
    assert [found.path for found in check(session).suppressed] == ["app.py"]
    assert len(runs) == 1


def test_that_nothing_was_found_is_remembered_too(session, project, write, runs):
    write(project, {"app.py": "print(1)\n", "lib/old.py": ""})
    assert check(session).findings == check(session).findings == ()
    assert len(runs) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": "from lib.home import f\n"},
        {"new.py": "import lib.old\n"},
        {"lib/home.py": "def f(): ...\n"},
        {"README.md": "See nothing at all.\n"},
        {"notes.txt": "new\n"},
        {"pyproject.toml": "[tool.trackfix]\nignore = ['TRK102']\n"},
        {"lib/pyproject.toml": "[tool.trackfix]\nignore = ['TRK102']\n"},
        {"n.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'},
        {"stub.pyi": "import lib.old\n"},
        {".gitignore": "app.py\n"},
    ],
    ids=lambda files: next(iter(files)),
)
def test_after_any_change_of_a_file_the_rules_run_again(session, project, write, runs, files):
    check(session)
    write(project, files, 1_700_000_001)
    found = check(session)
    assert len(runs) == 2
    assert found == session().check()


def test_a_change_that_keeps_the_size_is_seen(session, project, write, runs):
    check(session)
    write(project, {"app.py": "from lib.old import g\n\nprint(g())\n"}, 1_700_000_001)
    assert "'g'" in check(session).findings[0].message
    assert len(runs) == 2


@pytest.mark.parametrize("name", ["app.py", "README.md", "pyproject.toml"])
def test_after_a_file_is_gone_the_rules_run_again(session, project, runs, name):
    check(session)
    (project / name).unlink()
    check(session)
    assert len(runs) == 2


def test_settings_count_although_git_ignores_their_file(session, project, write, runs):
    write(project, {".gitignore": "pyproject.toml\n"})
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    assert len(check(session).findings) == 2
    write(project, {"pyproject.toml": "[tool.trackfix]\nselect = ['TRK102']\n"})
    assert len(check(session).findings) == 1
    assert len(runs) == 2


def test_what_git_ignores_changes_nothing(session, project, write, runs):
    write(project, {".gitignore": "made.py\n"})
    check(session)
    write(project, {"made.py": "import lib.old\n"})
    check(session)
    assert len(runs) == 1


def test_each_choice_of_rules_is_remembered_by_itself(session, runs):
    for _ in range(2):
        assert len(check(session).findings) == 2
        assert len(check(session, select=["TRK101"]).findings) == 1
        assert len(check(session, ignore=["TRK101"]).findings) == 1
    assert len(runs) == 3


def test_that_the_project_is_on_the_path_does_not_keep_it_from_being_remembered(
    session, project, monkeypatch, runs
):
    monkeypatch.chdir(project)
    monkeypatch.setattr(sys, "path", ["", str(project), *sys.path])
    check(session)
    check(session)
    assert len(runs) == 1


@pytest.mark.parametrize("what", ["installed", "version", "python"])
def test_with_other_packages_or_another_version_the_rules_run_again(
    session, tmp_path_factory, monkeypatch, runs, what
):
    site = tmp_path_factory.mktemp("site")
    monkeypatch.syspath_prepend(site)
    os.utime(site, (1, 1))
    check(session)
    if what == "installed":
        (site / "new.dist-info").mkdir()
        importlib.invalidate_caches()
    elif what == "version":
        monkeypatch.setattr(cache_folder, "__version__", "99")
    else:
        monkeypatch.setattr(sys, "version", "4.0")
    check(session)
    assert len(runs) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\x00",
        b"[]",
        b"null",
        b"{}",
        b'{"stamps": "x"}',
        pytest.param("half", id="half"),
        pytest.param("findings", id="findings"),
        pytest.param("deep", id="deep"),
        pytest.param("folder", id="folder"),
    ],
)
def test_a_damaged_cache_is_rebuilt_silently(session, project, runs, data, capfd):
    first = check(session)
    (entry,) = entries(project)
    whole = entry.read_bytes()
    known = json.loads(whole)
    if data == "half":
        entry.write_bytes(whole[: len(whole) // 2])
    elif data == "findings":
        entry.write_text(json.dumps(known | {"findings": [{"code": "TRK101"}]}))
    elif data == "deep":
        entry.write_text("[" * 100_000)
    elif data == "folder":
        entry.unlink()
        entry.mkdir()
    else:
        entry.write_bytes(data)
    assert check(session) == first
    assert len(runs) == 2
    assert not list(entry.parent.glob("*.tmp"))
    if data != "folder":
        assert entry.read_bytes() == whole
    assert capfd.readouterr() == ("", "")


def test_the_folder_tells_git_and_backups_to_leave_it_out(session, project):
    check(session)
    assert (project / FOLDER / ".gitignore").read_text() == "*\n"
    tag = (project / FOLDER / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_the_folder_is_no_part_of_the_project(session, project, runs):
    check(session)
    check(session)
    assert not any(path.startswith(FOLDER) for path in session().project.listing.stamps)
    assert len(runs) == 1


def test_without_a_cache_nothing_is_read_or_written(session, project, runs):
    session().check()
    assert not (project / FOLDER).exists()
    check(session)
    session().check()
    assert len(runs) == 3


def test_a_run_on_some_files_does_not_remember_its_findings(session, project):
    session("app.py", cached=True).check()
    session(contents={"app.py": b""}, cached=True).check()
    assert not entries(project)


@pytest.mark.parametrize("obstacle", ["file", "read-only"])
def test_where_nothing_can_be_written_the_run_succeeds(session, project, monkeypatch, obstacle):
    if obstacle == "file":
        (project / FOLDER).write_text("")
        os.utime(project / FOLDER, (1, 1))
    else:

        def refuse(self, *rest, **options):
            raise PermissionError(13, "Read-only file system")

        monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    assert len(check(session).findings) == 2
    assert not entries(project)


@pytest.mark.parametrize("age, known", [(0, 0), (-3600, 0), (1.0, 0), (60.0, 1)])
def test_a_file_that_was_only_just_written_is_not_trusted(session, project, age, known):
    when = time.time() - age
    os.utime(project / "app.py", (when, when))
    check(session)
    assert len(entries(project)) == known


def test_how_long_a_run_took_does_not_make_a_fresh_file_older(session, project, monkeypatch, runs):
    now = time.time()
    os.utime(project / "app.py", (now, now))
    opened = session(cached=True)
    monkeypatch.setattr(time, "time_ns", lambda: int((now + 60) * 1e9))
    opened.check()
    assert not entries(project)


def test_what_could_not_be_read_is_not_remembered(session, project, monkeypatch, runs):
    from trackfix.source.errors import SourceError

    def refuse(path):
        raise SourceError("can't be read: permission denied") from PermissionError()

    with monkeypatch.context() as patched:
        patched.setattr("trackfix.project.project.read_bytes", refuse)
        assert check(session).errors
    assert not check(session).errors
    assert len(runs) == 2


def test_only_the_latest_entries_are_kept(session, project):
    made = []
    for number in range(16):
        check(session, ignore=[f"TRK{code}" for code in (101, 102, 103, 201)[: number % 4 + 1]]
              + ["TRK2"] * (number // 4))  # fmt: skip
        made += [entry for entry in entries(project) if entry not in made]
    assert len(list((project / FOLDER).glob("*.json"))) == 24
    assert entries(project) == sorted(made[-len(entries(project)) :])


def test_nothing_is_left_behind_but_entries(session, project):
    check(session)
    names = {path.name for path in (project / FOLDER).iterdir()}
    assert {name for name in names if not name.startswith(("lint-", "project-", "run-logic-"))} == {
        ".gitignore",
        "CACHEDIR.TAG",
    }
    assert not [name for name in names if name.endswith(".tmp")]


def test_processes_at_once_do_not_disturb_each_other(project):
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from trackfix.lint.selection import RuleOptions\n"
        "from trackfix.lint.session import Session\n"
        "for n in range(8):\n"
        "    options = RuleOptions(ignore=('TRK2',) * (n % 3))\n"
        "    print(len(Session(Path(sys.argv[1]), options).check().findings))\n"
    )
    command = [sys.executable, "-c", code, str(project)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        out, err = process.communicate()
        assert (process.returncode, err) == (0, "")
        assert out.split() == ["2"] * 8
    assert len(entries(project)) == 3


RULE = """
class Rule:
    code, name = "ABC101", "abc"
    good = bad = ()
    def candidates(self, project): return project.project.facts
    def check(self, path, project): return []
RULE = Rule()
"""


@pytest.fixture
def plugin(tmp_path_factory, write, monkeypatch):
    """A rule of somebody else, announced in one folder, with its code in another."""
    site, code = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("code")
    announced = "[trackfix.rules]\nABC101 abc = abc_rules.rule:RULE\n"
    write(site, {"abc_rules-1.dist-info/entry_points.txt": announced})
    write(code, {"abc_rules/__init__.py": "", "abc_rules/rule.py": RULE, "other.py": ""})
    monkeypatch.setattr(sys, "path", [*sys.path, str(site), str(code)])
    available_rules.cache_clear()
    yield code
    available_rules.cache_clear()
    for name in ("abc_rules", "abc_rules.rule"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("changed", ["abc_rules/rule.py", "abc_rules/__init__.py"])
def test_after_an_edit_of_somebody_elses_rule_the_rules_run_again(
    session, write, plugin, runs, changed
):
    check(session)
    check(session)
    assert len(runs) == 1
    write(plugin, {changed: f"{RULE}# edited\n"}, 1_700_000_001)
    check(session)
    assert len(runs) == 2


def test_after_an_edit_of_somebody_elses_rule_it_is_asked_again_what_it_wants_to_know(
    session, write, plugin, monkeypatch
):
    asked = []
    real = runner.find_out

    def count(*arguments):
        asked.append(1)
        return real(*arguments)

    monkeypatch.setattr(runner, "find_out", count)
    for _ in range(2):
        session("app.py", cached=True).check()
    assert len(asked) == 1
    write(plugin, {"abc_rules/rule.py": f"{RULE}# edited\n"}, 1_700_000_001)
    session("app.py", cached=True).check()
    assert len(asked) == 2


def test_an_edit_beside_somebody_elses_rule_changes_nothing(session, write, plugin, runs):
    check(session)
    write(plugin, {"other.py": "edited = True\n"}, 1_700_000_001)
    check(session)
    assert len(runs) == 1
