"""From files to findings: which rules see which files, and what is made of what they find."""

import os

import pytest

from trackfix.lint import runner
from trackfix.lint.registry import available_rules
from trackfix.lint.runner import lint
from trackfix.lint.selection import RuleOptions, Selection
from trackfix.lint.session import Session
from trackfix.project import processes
from trackfix.project.project import Project, open_project
from trackfix.project.settings.config import load_config
from trackfix.source.discovery import discover


@pytest.fixture
def outcome(project):
    """What comes of a run on a project whose files are read when they are asked for."""

    def run(paths=None, step=None, **options):
        config = load_config(project)
        opened = Project(project, config, discover(project, config.exclude))
        chosen_options: dict = {name: tuple(value) for name, value in options.items()}
        chosen = RuleOptions(**chosen_options)
        return lint(opened, Selection(opened, chosen), paths, step)

    return run


def places(findings):
    return [f"{found.path}:{found.line} {found.code}" for found in findings]


BOTH = ["app.py:1 TRK101", "lib/old.py:1 TRK102"]


def test_findings_come_sorted_by_place(outcome, project, write):
    write(project, {"a.py": "import os\nimport lib.old\nfrom lib.old import g\n"})
    assert places(outcome().findings) == ["a.py:2 TRK101", "a.py:3 TRK101", *BOTH]


def test_files_are_chosen_and_the_rules_see_the_others(outcome):
    assert places(outcome(["app.py"]).findings) == BOTH[:1]
    assert places(outcome(["lib/home.py"]).findings) == []
    assert places(outcome([]).findings) == []


@pytest.mark.parametrize("few", [0, 1000])
def test_few_files_have_the_findings_that_many_have(outcome, monkeypatch, few):
    monkeypatch.setattr(runner, "_FEW", few)
    assert places(outcome().findings) == BOTH
    assert places(outcome(["app.py"]).findings) == BOTH[:1]


@pytest.mark.parametrize("path", ["gone.py", "README.md", "lib"])
def test_a_path_that_is_no_file_of_the_project_is_left_out(outcome, path):
    assert places(outcome([path, "app.py"]).findings) == BOTH[:1]


def test_rules_that_are_off_find_nothing(outcome):
    assert places(outcome(select=["TRK102"]).findings) == BOTH[1:]
    assert places(outcome(ignore=["ALL"]).findings) == []


def test_suppressed_findings_are_told_apart(outcome, project, write):
    write(project, {"app.py": "from lib.old import f  # noqa: TRK101\nimport lib.old\n"})
    found = outcome(select=["TRK101"])
    assert places(found.findings) == ["app.py:2 TRK101"]
    assert places(found.suppressed) == ["app.py:1 TRK101"]


def test_an_unused_ignore_is_found_where_no_other_rule_finds_anything(outcome, project, write):
    write(
        project, {"lib/home.py": "def f(): ...  # trackfix: ignore[TRK101] -- no\ndef g(): ...\n"}
    )
    assert places(outcome().findings) == [*BOTH[:1], "lib/home.py:1 TRK001", *BOTH[1:]]
    assert places(outcome(ignore=["TRK001"]).findings) == BOTH
    assert places(outcome(ignore=["TRK101"]).findings) == BOTH[1:]


def test_a_syntax_error_is_a_finding_in_its_line(outcome, project, write):
    write(project, {"broken.py": "x = 1\n\ndef f(:\n"})
    (found,) = outcome(["broken.py"]).findings
    assert (found.code, found.name, found.line, found.fix) == ("TRK000", "syntax-error", 3, None)
    assert places(outcome(["app.py"]).findings) == BOTH[:1]


def test_a_file_with_a_syntax_error_has_no_other_finding(outcome, project, write):
    write(project, {"broken.py": "import lib.old  # trackfix: ignore[TRK201]\ndef f(:\n"})
    assert [found.code for found in outcome(["broken.py"]).findings] == ["TRK000"]


@pytest.mark.parametrize("few", [0, 1000])
def test_a_syntax_error_is_found_in_a_file_that_names_a_shim(
    outcome, project, write, monkeypatch, few
):
    monkeypatch.setattr(runner, "_FEW", few)
    write(project, {"broken.py": "import lib.old\ndef f(:\n"})
    assert "broken.py:2 TRK000" in places(outcome().findings)


TEMPLATE = "import lib.old\n{%- if cookiecutter.gpu %}\nimport torch\n{%- endif %}\n"


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize(
    "path, text",
    [
        ("t/{{ cookiecutter.slug }}/train.py", TEMPLATE),
        ("{{project_name}}.py", "import lib.old\nimport {{project_name}}.train\n"),
        ("t/{% if gpu %}gpu{% endif %}/train.py", TEMPLATE),
    ],
)
def test_a_template_that_python_is_made_of_is_no_syntax_error(
    outcome, project, write, monkeypatch, few, path, text
):
    monkeypatch.setattr(runner, "_FEW", few)
    write(project, {path: text})
    assert places(outcome().findings) == BOTH
    assert places(outcome([path]).findings) == []


@pytest.mark.parametrize(
    "path, text",
    [
        ("t/train.py", TEMPLATE),
        ("t/{{ cookiecutter.slug }}/train.py", "import lib.old\ndef f(:\n"),
        ("t/{cookiecutter}/train.py", TEMPLATE),
    ],
)
def test_what_is_no_template_in_name_and_text_is_a_syntax_error(
    outcome, project, write, path, text
):
    write(project, {path: text})
    assert places(outcome([path]).findings) == [f"{path}:2 TRK000"]


def test_a_template_that_is_python_is_checked(outcome, project, write):
    path = "{{ cookiecutter.slug }}/train.py"
    write(project, {path: "from lib.old import f\nname = '{{ cookiecutter.slug }}'\n"})
    assert places(outcome([path]).findings) == [f"{path}:1 TRK101"]


def test_a_project_that_was_read_before_has_its_syntax_errors_still(project, write):
    write(project, {"broken.py": "def f(:\n"})
    opened = open_project(project)
    found = lint(opened, Selection(opened))
    assert "broken.py:1 TRK000" in places(found.findings)
    assert places(lint(opened, Selection(opened), ["broken.py"]).findings) == ["broken.py:1 TRK000"]


def test_a_file_that_is_taken_away_is_not_looked_at(project):
    opened = open_project(project).overlaid({"app.py": None})
    assert places(lint(opened, Selection(opened), ["app.py"]).findings) == []


@pytest.fixture
def too_deep(monkeypatch):
    """Lets the rule of a code give up."""

    def run(code):
        def check(*args):
            raise RecursionError

        (entry,) = [entry for entry in available_rules() if entry.code == code]
        monkeypatch.setattr(type(entry.load()), "check", check)

    return run


def test_what_is_too_deep_for_one_rule_keeps_the_findings_of_others(outcome, too_deep):
    too_deep("TRK102")
    told = [(f.path, f.code, f.message) for f in outcome(["app.py"]).findings]
    assert [code for _, code, _ in told] == ["TRK000", "TRK101"]
    assert told[0] == ("app.py", "TRK000", "nested too deeply to be checked")


def test_what_is_too_deep_for_two_rules_is_told_once(outcome, too_deep):
    too_deep("TRK101")
    too_deep("TRK102")
    assert places(outcome(["app.py"]).findings) == ["app.py:1 TRK000"]


@pytest.mark.parametrize(("code", "unused"), [("TRK102", 0), ("TRK201", 1)])
def test_what_a_rule_that_gave_up_might_have_needed_is_not_called_unused(
    outcome, project, write, too_deep, code, unused
):
    write(project, {"app.py": "from lib.old import f  # trackfix: ignore[TRK102]\n"})
    too_deep(code)
    found = places(outcome(["app.py"], extend_select=["TRK001"]).findings)
    assert found.count("app.py:1 TRK001") == unused


def test_the_files_done_are_told(outcome):
    told = []
    outcome(step=lambda done, total: told.append((done, total)))
    assert told == [(number, 4) for number in range(4)]


FACTORY = "import mlflow\ndef make(): return mlflow.MlflowClient()\n"
LACKING = "import mlflow\nmlflow.MlflowClient('a')  {}\nMlflowClient('b')\nmlflow.MlflowClient()\n"
CLIENTS = {"lib/clients.py": FACTORY, "app.py": LACKING.format("")}


def test_one_problem_is_one_finding(outcome, project, write):
    write(project, CLIENTS)
    found = outcome(select=["TRK2"])
    assert places(found.findings) == ["app.py:2 TRK203", "app.py:3 TRK203", "app.py:4 TRK201"]
    assert found.suppressed == ()


def test_a_rule_that_says_less_speaks_where_the_other_may_not(outcome, project, write):
    write(project, CLIENTS)
    assert places(outcome(select=["TRK201"]).findings) == ["app.py:2 TRK201", "app.py:4 TRK201"]
    write(project, {"app.py": LACKING.format("# noqa: TRK203")})
    found = outcome(select=["TRK201", "TRK203"])
    assert places(found.findings) == ["app.py:2 TRK201", "app.py:3 TRK203", "app.py:4 TRK201"]
    assert places(found.suppressed) == ["app.py:2 TRK203"]


def test_a_whole_run_tells_of_the_broken_files_that_a_rule_looks_at_whatever_it_remembers(
    session, project, write
):
    files = {f"m{number}.py": "" for number in range(40)}
    broken = {
        "client.py": "from mlflow import MlflowClient\ndef f(:\n",
        "user.py": "from lib.old import f\ndef f(:\n",
        "other.py": "def f(:\n",
        "shim.py": '"""Deprecated."""\nfrom lib.home import f\n  x\n',
    }
    write(project, files | broken)
    expected = ["client.py:2 TRK000", "user.py:2 TRK000"]

    def told(*given, cached=False):
        found = places(session(*given, cached=cached).check().findings)
        return [place for place in found if place.endswith("TRK000")]

    assert told() == expected
    assert told("other.py", cached=True) == ["other.py:1 TRK000"]
    assert told(cached=True) == expected
    assert told(cached=True) == expected


def test_an_editors_text_of_an_excluded_file_has_no_findings(session, project, write):
    write(project, {"pyproject.toml": '[tool.trackfix]\nexclude = ["out/"]\n'})
    text = {"out/x.py": b"def f(:\n"}
    assert session("out/x.py", contents=text).check().findings == ()
    assert session("in/x.py", contents={"in/x.py": b"def f(:\n"}).check().findings


def test_any_number_of_processes_finds_the_same(project, write, monkeypatch):
    files = {f"m{n}.py": "import mlflow\nmlflow.MlflowClient()\n" for n in range(40)}
    write(project, files | {"broken.py": "from mlflow import MlflowClient\nMlflowClient(\n"})
    forks = []
    fork = os.fork

    def counted():
        forks.append(1)
        return fork()

    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    alone = Session(project, RuleOptions(), cached=False).check()
    assert not forks
    monkeypatch.setattr(processes, "_WORTH_IT", 1)
    for count in (2, 3):
        forks.clear()
        monkeypatch.setattr(processes, "_cpus", lambda most=count: most)
        shared = Session(project, RuleOptions(), cached=False).check()
        assert len(forks) == count - 1
        assert shared == alone
        assert len(shared.findings) == 43
