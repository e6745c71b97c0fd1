"""One project under the linter: what is reported on, and what is planned."""

import pytest

from trackfix.lint.selection import RuleOptions
from trackfix.lint.session import Session
from trackfix.project.settings.config import ConfigError


def places(outcome):
    return [f"{found.path}:{found.line} {found.code}" for found in outcome.findings]


def test_all_python_files_are_reported_on(session, project, write):
    write(project, {"n.ipynb": "{}", "s.pyi": "", "notes.txt": ""})
    assert session().files == {
        "app.py", "lib/__init__.py", "lib/home.py", "lib/old.py", "n.ipynb", "s.pyi"
    }  # fmt: skip
    assert session().paths is None


@pytest.mark.parametrize(
    "given, expected",
    [
        (["app.py"], {"app.py"}),
        (["lib"], {"lib/__init__.py", "lib/home.py", "lib/old.py"}),
        (["lib", "lib/old.py"], {"lib/__init__.py", "lib/home.py", "lib/old.py"}),
        (["li"], set()),
        (["README.md"], set()),
        (["gone.py"], set()),
    ],
)
def test_given_paths_choose_files(session, given, expected):
    assert session(*given).files == expected


def test_the_root_means_all(session):
    assert session("", "app.py").paths is None


def test_contents_stand_in_for_a_file_and_the_file_is_untouched(session, project):
    contents = {"app.py": b"\nimport lib.old\n"}
    assert places(session("app.py", contents=contents).check()) == ["app.py:2 TRK101"]
    assert (project / "app.py").read_text().startswith("from lib.old import f\n")


@pytest.mark.parametrize("name", ["new.py", "deep/new.py", "new.pyi"])
def test_contents_may_be_of_a_file_that_is_not_there(session, name):
    assert places(session(name, contents={name: b"import lib.old\n"}).check()) == [
        f"{name}:1 TRK101"
    ]


def test_fixes_are_planned_and_not_written(session, project):
    fixed = session().fix(unsafe=False)
    assert [change.path for change in fixed.changes] == ["app.py"]
    assert "lib.old" in (project / "app.py").read_text()


def test_after_fixes_are_adopted_lines_are_those_of_the_fixed_file(session, project, write):
    write(project, {"app.py": "from lib.home import g\nfrom lib.old import f\n\nf(g())\n"})
    opened = session()
    fixed = opened.fix(unsafe=False)
    assert opened.line_of("app.py", 1) == "from lib.home import g"
    opened.adopt(fixed)
    assert opened.line_of("app.py", 1) == "from lib.home import f, g"


def test_lines_that_are_not_there_are_empty(session):
    opened = session()
    assert opened.line_of("app.py", 1) == "from lib.old import f"
    assert opened.line_of("app.py", 0) == opened.line_of("app.py", 99) == ""
    assert opened.line_of("gone.py", 1) == ""


def test_a_line_has_no_carriage_return(session, project, write):
    write(project, {"app.py": "import lib.old\r\n"})
    assert session().line_of("app.py", 1) == "import lib.old"


def test_ignores_are_planned_for_the_files_of_the_findings(session, project):
    opened = session("app.py")
    (change,) = opened.ignores(opened.check().findings)
    assert change.path == "app.py"
    assert b"# trackfix: ignore[TRK101]" in change.after
    assert change.before == (project / "app.py").read_bytes()
    assert opened.ignores(()) == ()


LACKING = "import mlflow\n\n\ndef use():\n    return mlflow.MlflowClient('a')\n"


@pytest.mark.parametrize(
    "select, codes", [(["TRK2"], "TRK201, TRK203"), (["TRK203"], "TRK203"), (["TRK201"], "TRK201")]
)
def test_ignores_are_also_for_what_shows_only_then(session, project, write, select, codes):
    factory = "import mlflow\ndef make(): return mlflow.MlflowClient()\n"
    write(project, {"lib/clients.py": factory, "use.py": LACKING})
    opened = session("use.py", select=select)
    findings = opened.check().findings
    assert len(findings) == 1
    (change,) = opened.ignores(findings)
    assert change.after.decode().splitlines()[-1].endswith(f"  # trackfix: ignore[{codes}]")
    write(project, {"use.py": change.after.decode()})
    assert session("use.py", select=select).check().findings == ()


def test_only_enabled_rules_are_described(session):
    assert set(session(select=["TRK101"]).rules()) == {"TRK000", "TRK101"}
    described = session().rules()["TRK102"]
    assert described.name == "reexport-layer"
    assert "## What it does" in described.page


def test_bad_settings_are_an_error_at_once(project, write):
    write(project, {"pyproject.toml": "[tool.trackfix]\nselct = []\n"})
    with pytest.raises(ConfigError, match="did you mean 'select'"):
        Session(project, RuleOptions())
