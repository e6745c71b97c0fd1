"""TRK404: what configures MLflow in the middle of a project, and what does not."""

import pytest

from trackfix.project.settings.config import ConfigError

SETTING = """
    [tool.trackfix.layers]
    low = ["pkg.setup"]
    mid = ["pkg.hpo"]
    high = ["scripts"]
"""
TREE = {
    "pyproject.toml": SETTING,
    "pkg/setup.py": "",
    "pkg/hpo/__init__.py": "",
    "scripts/a.py": "",
}
START = "import os\nimport mlflow\n"

STEPS = {
    "mlflow.set_tracking_uri('u')": "mlflow.set_tracking_uri",
    "mlflow.set_registry_uri('u')": "mlflow.set_registry_uri",
    "exp = mlflow.set_experiment('e')": "mlflow.set_experiment",
    "mlflow.tracking.set_tracking_uri('u')": "mlflow.set_tracking_uri",
    "os.environ['MLFLOW_TRACKING_URI'] = 'u'": "MLFLOW_TRACKING_URI",
    "os.environ.setdefault('MLFLOW_TRACKING_URI', 'u')": "MLFLOW_TRACKING_URI",
    "os.environ.update({'A': '1', 'MLFLOW_EXPERIMENT_NAME': 'e'})": "MLFLOW_EXPERIMENT_NAME",
    "os.environ.update(MLFLOW_RUN_ID='1')": "MLFLOW_RUN_ID",
    "os.environ |= {'MLFLOW_RUN_ID': '1'}": "MLFLOW_RUN_ID",
    "del os.environ['MLFLOW_RUN_ID']": "MLFLOW_RUN_ID",
    "os.environ.pop('MLFLOW_RUN_ID', None)": "MLFLOW_RUN_ID",
    "os.putenv('MLFLOW_RUN_ID', '1')": "MLFLOW_RUN_ID",
}


@pytest.mark.parametrize("source", STEPS)
def test_a_step_of_the_setup_is_found_in_the_middle_layer(check, source):
    (found,) = check("TRK404", {**TREE, "pkg/hpo/a.py": f"{START}def f():\n    {source}\n"})
    assert (found.path, found.line) == ("pkg/hpo/a.py", 4)
    assert found.message == (
        f"mid configures MLflow by {STEPS[source]}, which is the job of low and high"
    )


def test_a_file_that_only_changes_the_environment_is_read_as_well(check):
    source = "from os import environ as env\nenv['MLFLOW_TRACKING_URI'] = 'u'\n"
    assert len(check("TRK404", {**TREE, "pkg/hpo/a.py": source})) == 1


FINE = {
    "mlflow.get_tracking_uri()",
    "mlflow.start_run()",
    "uri = os.environ['MLFLOW_TRACKING_URI']",
    "uri = os.environ.get('MLFLOW_TRACKING_URI')",
    "os.environ['AWS_REGION'] = 'eu'",
    "os.environ['MLFLOW_EXPORT_IMPORT_TMP_DIRECTORY'] = 't'",
    "env = dict(os.environ); env['MLFLOW_RUN_ID'] = '1'",
    "env = {**os.environ, 'MLFLOW_RUN_ID': '1'}",
    "os.environ.update(env)",
    "self.mlflow.set_experiment('e')",
    "mlflow.MlflowClient(tracking_uri='u')",
    "wandb.set_experiment('e')",
    "monkeypatch.setenv('MLFLOW_RUN_ID', '1')",
}


@pytest.mark.parametrize("source", sorted(FINE))
def test_what_configures_nothing_is_no_finding(check, source):
    source = f"{START}def f(self, env, wandb, monkeypatch):\n    {source}\n"
    assert check("TRK404", {**TREE, "pkg/hpo/a.py": source}) == []


@pytest.mark.parametrize(
    "path", ["pkg/setup.py", "scripts/a.py", "loose.py", "pkg/hpo/test_a.py", "pkg/hpo/a.pyi"]
)
def test_infrastructure_scripts_loose_files_and_tests_may(check, path):
    assert check("TRK404", {**TREE, path: "import mlflow\nmlflow.set_experiment('e')\n"}) == []


def test_what_runs_as_a_script_only_may(check):
    source = """
        import mlflow
        if __name__ == "__main__":
            mlflow.set_experiment("e")
        else:
            mlflow.set_experiment("f")
    """
    assert [f.line for f in check("TRK404", {**TREE, "pkg/hpo/a.py": source})] == [5]


def test_without_layers_or_with_two_there_is_no_middle(check):
    source = "import mlflow\nmlflow.set_experiment('e')\n"
    two = '[tool.trackfix.layers]\nlow = ["pkg.setup"]\nhigh = ["pkg.hpo"]\n'
    for setting in ("", two):
        assert check("TRK404", {**TREE, "pyproject.toml": setting, "pkg/hpo/a.py": source}) == []


def test_the_setting_says_which_layers_may(check):
    source = "import mlflow\nmlflow.set_experiment('e')\n"
    setting = '[tool.trackfix]\nsetup-layers = ["low"]\n' + SETTING
    found = check("TRK404", {**TREE, "pyproject.toml": setting, "scripts/a.py": source})
    assert [f.message.rpartition("job of ")[2] for f in found] == ["low"]


def test_a_layer_that_is_not_there_is_an_error_that_says_what_may_be_meant(check):
    setting = '[tool.trackfix]\nsetup-layers = ["hihg"]\n' + SETTING
    with pytest.raises(ConfigError) as error:
        check("TRK404", {**TREE, "pyproject.toml": setting})
    assert str(error.value) == (
        "pyproject.toml: [tool.trackfix] setup-layers: there is no layer 'hihg'; did you mean 'high'?"
    )
