"""What a rule calls fixable is what ``--fix`` mends."""

import pytest

FACTORY = """\
def create_client(tracking_uri=None, registry_uri=None):
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)
"""
IMPORT = "from mlflow import MlflowClient\n"
APP = f"{IMPORT}\n\ndef run():\n    return MlflowClient()\n"
PATCH = (
    "from unittest import mock\n\nimport app\n\n\n"
    "@mock.patch('app.MlflowClient')\ndef test_run(client):\n    app.run()\n"
)
SETTINGS = "[tool.trackfix]\nclient-factory = 'clients:create_client'\n"


@pytest.fixture
def found(session, project, write):
    """The findings in ``app.py`` beside a factory that stands for the class."""

    def run(files, *given):
        write(project, {"pyproject.toml": SETTINGS, "clients.py": FACTORY, "app.py": APP, **files})
        outcome = session(*given, select=["TRK201"]).check()
        return [finding for finding in outcome.findings if finding.path == "app.py"]

    return run


@pytest.mark.parametrize(
    "test",
    [
        "",
        PATCH,
        "import app\n\ndef test_run():\n    app.run()\n",
    ],
)
def test_what_the_codemod_mends_is_called_fixable(found, session, test):
    [finding] = found({"test_app.py": test})
    assert finding.fix is not None
    assert (finding.fix.safety, "left alone" in finding.message) == ("safe", False)
    assert session(select=["TRK201"]).fix(unsafe=False).mended == 1


@pytest.mark.parametrize(
    "files, reason",
    [
        ({"test_app.py": PATCH + "    assert isinstance(1, app.MlflowClient)\n"}, "test_app.py:9"),
        ({"app.py": f'"""\n>>> MlflowClient\n"""\n{APP}'}, "app.py:1 runs code that uses"),
    ],
)
def test_what_it_leaves_alone_is_not_and_the_message_says_why(found, session, files, reason):
    [finding] = found(files)
    assert finding.fix is None
    assert reason in finding.message.partition("; left alone: MlflowClient: ")[2]
    assert session(select=["TRK201"]).fix(unsafe=True).changes == ()


def test_what_is_only_done_on_request_is_unsafe_and_says_what_the_doubt_is(found, session):
    guarded = "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    pass\n"
    [finding] = found({"app.py": f"{guarded}\n\ndef run():\n    return MlflowClient()\n"})
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    assert "which is not proven safe: MlflowClient: " in finding.fix.message
    assert "unsafe" not in finding.fix.message
    assert session(select=["TRK201"]).fix(unsafe=False).changes == ()
    assert [c.path for c in session(select=["TRK201"]).fix(unsafe=True).changes] == ["app.py"]


def test_what_only_an_unsafe_run_leaves_alone_is_fixable(found, session):
    built = "import importlib\n\nmlflow = importlib.import_module('mlflow')\n"
    app = f"{built}{APP}\n\ndef other():\n    return mlflow.MlflowClient()\n"
    test = "from unittest import mock\n\nimport app\n\n\ndef test_run():\n    with mock.patch.dict('app.__dict__', mlflow=None):\n        app.run()\n"
    first, second = found({"app.py": app, "test_app.py": test})
    assert first.fix is not None
    assert first.fix.safety == "safe"
    assert second.fix is None
    assert "may patch mlflow of this module" in second.message
    assert session(select=["TRK201"]).fix(unsafe=False).mended == 1


def test_a_test_where_the_rule_is_off_must_not_change_and_holds_the_code_back(found):
    ignoring = SETTINGS + "per-file-ignores = { 'test_*' = ['TRK201'] }\n"
    [finding] = found({"pyproject.toml": ignoring, "test_app.py": PATCH})
    assert finding.fix is None
    assert "test_app.py:6 patches MlflowClient of this module" in finding.message


def test_a_file_with_an_ignored_finding_must_not_change(found):
    ignored = APP + "\n\ndef other():\n    return MlflowClient()  # noqa: TRK201\n"
    [finding] = found({"app.py": ignored})
    assert finding.fix is None


def test_that_a_file_is_not_asked_for_holds_nothing_back(found):
    [finding] = found({"test_app.py": PATCH}, "app.py")
    assert finding.fix is not None


def test_no_codemod_is_asked_where_the_rules_know_themselves(session, monkeypatch):
    monkeypatch.setattr("trackfix.lint.prospects.load_codemods", lambda names: 1 / 0)
    outcome = session().check()
    assert [f.fix is not None for f in outcome.findings] == [True, False]


def test_no_codemod_is_asked_about_fixes_that_nobody_calls_safe(found, monkeypatch):
    monkeypatch.setattr("trackfix.lint.prospects.load_codemods", lambda names: 1 / 0)
    [finding] = found(
        {"pyproject.toml": "", "clients.py": "", "app.py": f"{IMPORT}c = MlflowClient()"}
    )
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"


RUN = "def run():\n    from lib.old import f\n    return f()\n"
PATCHED = "from unittest import mock\n\n@mock.patch('lib.old.f')\ndef test_run(f): ...\n"
FROZEN = "[tool.trackfix.per-file-ignores]\n'tests/**' = ['TRK101']\n"


@pytest.mark.parametrize("test", [PATCHED, f"{PATCHED}# trackfix: ignore-file[TRK101]\n"])
def test_an_import_that_a_test_holds_which_must_not_change_is_not_called_fixable(
    session, project, write, test
):
    settings = FROZEN if "ignore-file" not in test else ""
    write(project, {"pyproject.toml": settings, "app.py": RUN, "tests/test_app.py": test})
    [finding] = session(select=["TRK101"]).check().findings
    assert finding.fix is None
    why = "TRK101 is suppressed in line 3 of it" if "ignore-file" in test else "TRK101 is off there"
    held = f"tests/test_app.py:3, which can't: the file is held back: {why}"
    assert finding.message.endswith(held)
    assert session(select=["TRK101"]).fix(unsafe=True).changes == ()


@pytest.mark.parametrize(
    "test, app",
    [
        (PATCHED.replace("lib.old.f", "app.f"), "from lib.old import f\n\nf()\n"),
        (PATCHED.replace("lib.old.f", "lib.old.g"), RUN),
        ("def test_run(): ...\n", RUN),
    ],
)
def test_an_import_that_is_free_of_such_a_test_stays_fixable(session, project, write, test, app):
    write(project, {"pyproject.toml": FROZEN, "app.py": app, "tests/test_app.py": test})
    [finding] = session(select=["TRK101"]).check().findings
    assert finding.fix.safety == "safe"
    assert session(select=["TRK101"]).fix(unsafe=False).mended == 1


LOOP = "import mlflow\n\n\ndef run(d):\n    with mlflow.start_run():\n        for k, v in d.items():\n            mlflow.log_metric(k, v)\n"
PAIR = (
    "import mlflow\n\n\ndef run(d):\n    pass\n\n\nmlflow.start_run()\nprint()\nmlflow.end_run()\n"
)
RUNS = "import app\n\n\ndef test_run():\n    app.run({})\n"
ASKS = "\n\ndef test_asks(m):\n    m.log_metric.assert_called()\n    m.end_run.assert_called()\n"


@pytest.mark.parametrize("code, app", [("TRK505", LOOP), ("TRK501", PAIR)])
def test_a_test_that_watches_the_calls_takes_the_fix_away(session, project, write, code, app):
    write(project, {"app.py": app, "test_app.py": RUNS})
    [finding] = session(select=[code]).check().findings
    assert finding.fix is not None
    assert finding.fix.safety == "safe"
    write(project, {"test_app.py": RUNS + ASKS})
    [finding] = session(select=[code]).check().findings
    assert finding.fix is None
    assert "; left alone: test_app.py:" in finding.message
    assert session(select=[code]).fix(unsafe=True).changes == ()


NOT_MENDED = {
    "TRK101": "from lib.old import f  # noqa: TRK101\nfrom lib.old import g\n\nf(g)\n",
    "TRK505": "import mlflow\n\nd = {}\nwith mlflow.start_run():\n    for k, v in d.items():\n        mlflow.log_metric(k, v)  # noqa: TRK505\n    for k, v in d.items():\n        mlflow.log_metric(k, v)\n",
}


@pytest.mark.parametrize("code", NOT_MENDED)
def test_a_finding_beside_a_suppressed_one_says_which_line_holds_the_file_back(
    session, project, write, code
):
    write(project, {"pyproject.toml": "", "app.py": NOT_MENDED[code]})
    fixed = session(select=[code]).fix(unsafe=True)
    [finding] = [f for f in fixed.after.findings if f.path == "app.py"]
    assert fixed.changes == ()
    line = NOT_MENDED[code].split("# noqa")[0].count("\n") + 1
    why = f"the file is held back: {code} is suppressed in line {line} of it"
    assert "; left alone: " in finding.message
    assert finding.message.endswith(why)


def test_a_finding_in_a_generated_file_has_no_fix_and_says_why(session, project, write):
    head = "# Generated by the protocol buffer compiler.  DO NOT EDIT!\n"
    write(project, {"app.py": f"{head}from lib.old import f\n\nf()\n"})
    for fixed in (
        session(select=["TRK1"]).fix(unsafe=False),
        session(select=["TRK1"]).fix(unsafe=True),
    ):
        assert fixed.changes == ()
        [finding] = [f for f in fixed.after.findings if f.path == "app.py"]
        assert finding.message.endswith("the file is held back: line 1 of it says not to edit it")
    [finding] = [f for f in session(select=["TRK1"]).check().findings if f.path == "app.py"]
    assert finding.fix is None
