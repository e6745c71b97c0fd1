"""TRK504: runs without a name where others have one."""

import pytest

START = (
    "import mlflow\nfrom mlflow import MlflowClient\n\ndef f(client: MlflowClient, x, **options):\n"
)
NAMED = START + "".join(f"    mlflow.start_run(run_name='{name}')\n" for name in "abc")


@pytest.fixture
def lines(check):
    """The lines of the findings in the body of a function, beside three runs with a name."""

    def run(body, path="a.py", named=NAMED):
        indented = "".join(f"    {line}\n" for line in body.splitlines())
        found = check("TRK504", {"named.py": named, path: START + indented})
        assert {item.path for item in found} <= {path}
        return [item.line for item in found]

    return run


FOUND = {
    "start_run": "mlflow.start_run()",
    "in a with": "with mlflow.start_run(nested=True):\n    pass",
    "the name is None": "mlflow.start_run(run_name=None)",
    "create_run": "client.create_run('1')",
    "other tags": "client.create_run('1', tags={'a': 'b'})",
    "no id to resume": "mlflow.start_run(run_id=None)",
}


@pytest.mark.parametrize("body", FOUND.values(), ids=FOUND)
def test_a_run_without_a_name_is_found_where_the_others_have_one(lines, body):
    assert lines(body) == [5]


RIGHT = {
    "a name": "mlflow.start_run(run_name=x)",
    "a name by position": "mlflow.start_run(None, '1', 'a')",
    "a name of create_run by position": "client.create_run('1', None, None, 'a')",
    "the tag of the name": "client.create_run('1', tags={'mlflow.runName': 'a'})",
    "the constant of the tag": "client.create_run('1', tags={MLFLOW_RUN_NAME: 'a'})",
    "tags that are not known": "client.create_run('1', tags=x)",
    "spread tags": "client.create_run('1', tags={**x})",
    "options that may have it": "mlflow.start_run(**options)",
    "resumed": "mlflow.start_run(x)",
    "resumed by keyword": "mlflow.start_run(run_id=x)",
    "named later": "mlflow.start_run()\nmlflow.set_tag('mlflow.runName', x)",
    "renamed later": "run = mlflow.start_run()\nclient.update_run(run.info.run_id, name=x)",
    "only where none is active": "if not mlflow.active_run():\n    mlflow.start_run()",
    "somebody else's run": "x.start_run()",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_a_run_that_has_or_may_have_a_name_is_not_found(lines, body):
    assert lines(body) == []


@pytest.mark.parametrize(
    "named",
    [
        START + "    mlflow.start_run(run_name='a')\n    mlflow.start_run(run_name='b')\n",
        NAMED + "    mlflow.start_run(**options)\n",
        START.replace("import mlflow\n", "", 1) + "    x.start_run(run_name='a')\n" * 5,
    ],
    ids=["two are too few", "unknown ones don't count", "those of others don't count"],
)
def test_a_project_names_its_runs_if_three_and_most_have_a_name(lines, named):
    expected = [5] if "options)\n" in named.removeprefix(START) else []
    assert lines("mlflow.start_run()", named=named) == expected


def test_where_half_of_the_runs_have_no_name_none_is_found(lines):
    assert lines("mlflow.start_run()\n" * 3) == []


def test_runs_of_tests_need_no_name(lines):
    assert lines("mlflow.start_run()", "tests/test_a.py") == []


def test_names_in_tests_count_for_nothing(check):
    files = {"tests/named.py": NAMED, "a.py": START + "    mlflow.start_run()\n"}
    assert check("TRK504", files) == []


def test_the_message_says_how_many_have_a_name(check):
    (found,) = check("TRK504", {"named.py": NAMED, "a.py": START + "    mlflow.start_run()\n"})
    assert found.message == "this run has no name; 3 of 4 in the project have one"


@pytest.mark.parametrize(
    "setting, count", [("", 0), ("named-runs-minimum = 2", 1), ("named-runs-minimum = 3", 0)]
)
def test_the_setting_says_how_many_runs_need_a_name(check, setting, count):
    source = (
        "import mlflow\ndef f():\n    with mlflow.start_run(run_name='a'): pass\n"
        "    with mlflow.start_run(run_name='b'): pass\n    with mlflow.start_run(): pass\n"
    )
    tree = {"pyproject.toml": f"[tool.trackfix]\n{setting}\n", "a.py": source}
    assert len(check("TRK504", tree)) == count
