"""The groups of a project."""

import json
import os
import random
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from trackfix.cli.common import open_lazily
from trackfix.lint.rule import LintProject
from trackfix.project import processes
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import open_project
from trackfix.project.run_logic.catalogue import Catalogue
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.report.duplicates.json import render

FIXTURE = Path(__file__).parents[3] / "fixtures" / "duplicated_run_logic"
TRACKFIX = Path(sysconfig.get_path("scripts")) / "trackfix"
FINDER = """
def {0}(client, name):
    experiment = client.get_experiment_by_name(name)  # mlflow
    {1}
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time DESC"])
    return runs[0].info.run_id
"""


def places(duplicates):
    return [(c.fragment.path, c.fragment.function) for g in duplicates.groups for c in g.copies]


def test_each_copy_is_reported_once_and_never_the_source_of_truth(duplicates_of):
    files = {f"pkg/{name}.py": FINDER.format(name, "pass") for name in "abc"}
    files["pkg/finder.py"] = FINDER.format("find_run", "pass")
    assert places(duplicates_of(files)) == [(f"pkg/{name}.py", name) for name in "abc"]


def test_a_copy_that_calls_the_source_of_truth_already_says_where(duplicates_of):
    own = FINDER.format("own", "find_run(client, name)").replace("\ndef", "\nimport mlflow\ndef", 1)
    files = {
        "pkg/__init__.py": "",
        "pkg/finder.py": FINDER.format("find_run", "pass"),
        "pkg/own.py": "from pkg.finder import find_run\n" + own.lstrip(),
    }
    (copy,) = duplicates_of(files).groups[0].copies
    assert (copy.imported, copy.called) == (True, 5)


def test_who_is_given_a_client_need_not_name_mlflow(duplicates_of):
    copy = FINDER.format("newest", "pass").replace("  # mlflow", "")
    assert "mlflow" not in copy
    files = {"pkg/a.py": copy, "pkg/finder.py": FINDER.format("find_run", "pass")}
    assert places(duplicates_of(files)) == [("pkg/a.py", "newest")]


def test_a_file_that_names_neither_mlflow_nor_what_only_it_has_is_not_read(duplicates_of):
    own = "def create(client, parent):\n    return client.create_run(parent, tags={'parent': parent})\n"
    files = {f"pkg/{name}.py": own for name in "ab"}
    assert places(duplicates_of(files)) == []


@pytest.mark.parametrize("head", ["", "import mlflow\n"])
def test_the_experiments_of_databricks_own_client_are_not_mlflows(duplicates_of, head):
    copy = FINDER.format("newest", "pass").replace("  # mlflow", "")
    theirs = copy.replace("client.", "client.experiments.")
    files = {f"pkg/{name}.py": head + theirs for name in "abc"}
    files["pkg/finder.py"] = FINDER.format("find_run", "pass")
    assert places(duplicates_of(files)) == []


def test_any_number_of_processes_reads_the_same(tmp_path, monkeypatch):
    for number in range(9):
        (tmp_path / f"m{number}.py").write_text(FINDER.format(f"f{number}", "pass"))
    for name in ("broken", "other"):
        (tmp_path / f"{name}.py").write_text("def broken(:  # mlflow search_runs")
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr(processes, "_WORTH_IT", 1)
    found = []
    for count in (1, 2, 3):
        monkeypatch.setattr(processes, "_cpus", lambda most=count: most)
        project = open_lazily(tmp_path)
        duplicates = Resolver(project).analysis(Duplicates)
        found.append((duplicates.groups, duplicates.unread))
    assert found[0] == found[1] == found[2]
    assert len(found[0][0][0].copies) == 9
    assert [problem.path for problem in found[0][1]] == ["broken.py", "other.py"]


@pytest.mark.parametrize(
    "other",
    [
        "from pkg.finder import find_run\ndef g(client):\n    '''mlflow'''\n    return find_run(client, 'a')",
        FINDER.format("g", "pass").replace("start_time", "metrics.f1"),
        FINDER.format("g", "pass").replace("runs[0].info.run_id", "[r.info.run_id for r in runs]"),
        FINDER.format("g", "pass").replace("mlflow", "text").replace("client", "store"),
        "import mlflow\nmlflow.autolog()\nwith mlflow.start_run():\n    pass",
        "",
        "def broken(:  # mlflow search_runs",
    ],
)
def test_what_does_something_else_is_no_copy(duplicates_of, other):
    files = {"pkg/__init__.py": "", "pkg/finder.py": FINDER.format("find_run", "pass")}
    assert duplicates_of({**files, "pkg/other.py": other}).groups == ()


def test_the_strategies_of_one_finder_are_no_copies_of_each_other(duplicates_of):
    two = FINDER.format("_by_id", "pass") + FINDER.format("_newest", "pass")
    both = "def find_run(client, name):\n    return _by_id(client, name) or _newest(client, name)\n"
    assert duplicates_of({"pkg/finder.py": two + both}).groups == ()


def test_the_jobs_of_one_caller_are_no_strategies(duplicates_of):
    two = FINDER.format("sweep", "pass") + FINDER.format("trial", "pass").replace(
        "order_by", "filter_string=\"tags.trial = 'x'\", order_by"
    )
    main = (
        "def main(client, name):\n    a = sweep(client, name)\n    b = trial(client, name)\n"
        "    client.search_runs(a)\n    print(a, b)\n"
    )
    files = {"pkg/job.py": two + main, "pkg/finder.py": two}
    groups = duplicates_of(files).groups
    assert sorted(len(group.copies) for group in groups) == [2, 2]
    assert all(len({c.fragment.function for c in group.copies}) == 1 for group in groups)


def test_tests_count_only_if_they_are_asked_for(duplicates_of):
    files = {"a.py": FINDER.format("a", "pass"), "tests/test_b.py": FINDER.format("b", "pass")}
    assert duplicates_of(files).groups == ()
    asked = {"pyproject.toml": "[tool.trackfix]\nduplicates-in-tests = true\n"}
    assert len(places(duplicates_of({**files, **asked}))) == 2


def test_a_threshold_of_a_job_can_be_set(duplicates_of):
    files = {"a.py": FINDER.format("find_a", "pass"), "b.py": FINDER.format("find_b", "name = 1")}
    files["b.py"] = files["b.py"].replace("[0].info.run_id", "[0]")
    assert places(duplicates_of(files))
    strict = "[tool.trackfix]\nduplicate-thresholds = { find-run = 0.99 }\n"
    assert duplicates_of({**files, "pyproject.toml": strict}).groups == ()


def test_a_setting_that_names_a_function_elsewhere_reports_no_lone_finder(duplicates_of):
    setting = '[tool.trackfix]\nsources-of-truth = { find-run = "lib.runs:find" }\n'
    files = {"a.py": FINDER.format("a", "pass"), "pyproject.toml": setting}
    assert duplicates_of(files).groups == ()


def test_a_group_says_about_how_many_lines_would_go(duplicates_of):
    files = {"a.py": FINDER.format("a", "pass"), "finder.py": FINDER.format("find_run", "pass")}
    (group,) = duplicates_of(files).groups
    assert group.lines_to_go == 3


@pytest.mark.parametrize(("between", "lines"), [(9, 12), (10, 3)])
def test_what_stands_between_two_steps_far_apart_would_stay(duplicates_of, between, lines):
    one = FINDER.format("a", "pass")
    head, taken, tail = one.partition("    return")
    files = {
        "a.py": head + "    log(e)\n" * between + taken + tail,
        "finder.py": FINDER.format("find_run", "pass"),
    }
    (group,) = duplicates_of(files).groups
    assert (group.copies[0].fragment.path, group.lines_to_go) == ("a.py", lines)


def test_the_order_of_files_tells_nothing(tmp_path: Path):
    outputs = set()
    names = sorted(path.relative_to(FIXTURE) for path in FIXTURE.rglob("*.py"))
    for seed in range(3):
        root = tmp_path / "project"
        random.Random(seed).shuffle(names)
        for name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(FIXTURE / name, root / name)
        found = LintProject(open_project(root)).analysis(Duplicates)
        outputs.add(render(Catalogue(found)))
        shutil.rmtree(root)
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["groups"]


def test_the_seed_of_hashes_tells_nothing():
    outputs = set()
    for seed in "01":
        done = subprocess.run(
            [TRACKFIX, "scan", "--duplicates", "--format", "json", "."],
            cwd=FIXTURE,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["groups"]
