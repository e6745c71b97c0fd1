"""Settings that can't be used are refused in one line that says what would be right."""

import pytest

from trackfix.project.settings.config import Config, ConfigError, load_config


@pytest.fixture
def load(tmp_path):
    def run(settings):
        (tmp_path / "pyproject.toml").write_text(f"[tool.trackfix]\n{settings}\n")
        return load_config(tmp_path)

    return run


REFUSED = {
    'run-ends = ["finish_run"]': "run-ends must name a function, such as \"pkg.module:create_mlflow_client\"; it is 'finish_run'",
    'unseen-log-levels = ["inf"]': "unseen-log-levels: there is no level 'inf'; did you mean 'info'?",
    'unseen-log-levels = "info"': "unseen-log-levels must be a list of strings",
    'swallowed-exceptions = ["Mlflow Exception"]': "swallowed-exceptions: 'Mlflow Exception' is not an exception such as 'MlflowException'",
    'tag-key-modules = ["pkg/keys.py"]': "tag-key-modules: 'pkg/keys.py' is not a module such as 'pkg.keys'",
    'quote-free-names = ["a-b"]': "quote-free-names: 'a-b' is not a name such as 'model_name' or '*_slug'",
    "named-runs-minimum = 0": "named-runs-minimum must be a whole number from 1 on; it is 0",
    "named-runs-minimum = true": "named-runs-minimum must be a whole number from 1 on; it is True",
    'metric-loop-minimum = "3"': "metric-loop-minimum must be a whole number from 1 on; it is '3'",
    "mlflow-tag-constants = 1": "mlflow-tag-constants must be true or false",
    'allowed-mlflow-apis = "mlflow.evaluate"': "allowed-mlflow-apis must be a list of strings",
    'src = ["nowhere"]': "src: no folder 'nowhere'",
    "metric-loops-minimum = 3": "has no key 'metric-loops-minimum'; did you mean 'metric-loop-minimum'?",
}


@pytest.mark.parametrize("settings", REFUSED)
def test_a_wrong_setting_of_a_rule_is_one_line(load, settings):
    with pytest.raises(ConfigError) as error:
        load(settings)
    assert str(error.value) == f"pyproject.toml: [tool.trackfix] {REFUSED[settings]}"


def test_without_settings_all_have_their_defaults(load, tmp_path):
    assert load("") == Config()
    (tmp_path / "pyproject.toml").unlink()
    assert load_config(tmp_path) == Config()


def test_the_settings_of_rules_are_read(load):
    found = load(
        """
        run-ends = ["company.ml:finish_run"]
        unseen-log-levels = []
        quote-free-names = ["model_name", "*_slug"]
        named-runs-minimum = 1
        mlflow-tag-constants = false
        """
    )
    assert found.run_ends == ("company.ml:finish_run",)
    assert found.unseen_log_levels == ()
    assert found.quote_free_names == ("model_name", "*_slug")
    assert (found.named_runs_minimum, found.metric_loop_minimum) == (1, 3)
    assert found.mlflow_tag_constants is False
