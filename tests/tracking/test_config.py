"""Which tracker a configuration asks for; what is misspelled is an error."""

import pytest

from trackfix.tracking import ConfigError, MLflowTracker, NoopTracker, build_tracker_from_config
from trackfix.tracking.config import TrackerConfig


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for key in TrackerConfig.__dataclass_fields__:
        monkeypatch.delenv(f"TRACKFIX_TRACKER_{key.upper()}", raising=False)


@pytest.mark.parametrize(
    "config",
    [
        {"type": "mlflow", "experiment_name": "churn", "buffer_seconds": 2, "tags": {"a": 1}},
        {
            "type": "mlflow",
            "mlflow": {"experiment_name": "churn", "buffer_seconds": 2, "tags": {"a": 1}},
        },
        {"experiment_name": "churn", "mlflow": {"buffer_seconds": 2, "tags": {"a": 1}}},
        {
            "experiment_name": "churn",
            "mlflow": {"experiment_name": "churn", "buffer_seconds": "2", "tags": {"a": 1}},
        },
    ],
)
def test_keys_may_be_flat_or_in_a_section(config):
    tracker = build_tracker_from_config(config)
    assert type(tracker) is MLflowTracker
    assert (tracker.experiment_name, tracker.buffer_seconds, tracker.tags) == (
        "churn",
        2.0,
        {"a": 1},
    )


@pytest.mark.parametrize(
    "config",
    [
        {"type": "noop"},
        {"type": "noop", "mlflow": {"experiment_name": "churn"}},
        {"type": "mlflow", "enabled": False},
        {"mlflow": {"enabled": "off"}},
    ],
)
def test_noop_and_disabled_give_a_tracker_that_logs_nothing(config):
    assert type(build_tracker_from_config(config)) is NoopTracker


@pytest.mark.parametrize("config", [None, {}, {"type": None}, {"mlflow": None}, {"enabled": "yes"}])
def test_without_a_word_it_is_mlflow(config):
    assert type(build_tracker_from_config(config)) is MLflowTracker


@pytest.mark.regression("a misspelled backend logged nothing")
@pytest.mark.parametrize(
    "backend, hint",
    [
        ("mlfow", "did you mean 'mlflow'"),
        ("MLflow", "did you mean 'mlflow'"),
        ("none", "mlflow or noop"),
        (1, "mlflow or noop"),
    ],
)
@pytest.mark.parametrize("enabled", [True, False])
def test_an_unknown_backend_is_an_error_that_suggests_one(backend, hint, enabled):
    with pytest.raises(ConfigError, match=f"unknown type {backend!r}.*{hint}"):
        build_tracker_from_config({"type": backend, "enabled": enabled})


@pytest.mark.parametrize(
    "config, message",
    [
        ({"experiment": "churn"}, "unknown key 'experiment' .did you mean 'experiment_name'"),
        (
            {"mlflow": {"traking_uri": "x"}},
            "unknown key 'traking_uri' .did you mean 'tracking_uri'",
        ),
        ({7: 1}, "unknown key 7"),
        (
            {"run_name": "a", "mlflow": {"run_name": "b"}},
            "'run_name' is 'a' outside .* and 'b' in it",
        ),
        ({"enabled": "maybe"}, "enabled .* must be true or false, not 'maybe'"),
        ({"nested": 2}, "nested .* must be true or false"),
        ({"buffer_seconds": 0}, "buffer_seconds .* must be a positive number of seconds"),
        ({"buffer_seconds": "soon"}, "not 'soon'"),
        ({"buffer_seconds": True}, "not True"),
        ({"buffer_seconds": float("nan")}, "not nan"),
        ({"experiment_name": 5}, "experiment_name .* must be text"),
        ({"tags": "a"}, "tags .* must be a mapping"),
        ({"mlflow": ["a"]}, "section mlflow must be a mapping"),
        (["mlflow"], "tracker configuration must be a mapping"),
        ({"on_missing_run": "ignored"}, "unknown on_missing_run 'ignored' .did you mean 'ignore'"),
        ({"type": "noop", "on_artifact_error": "log"}, "unknown on_artifact_error 'log'"),
    ],
)
def test_what_can_not_be_used_is_an_error_that_names_it(config, message):
    with pytest.raises(ConfigError, match=message):
        build_tracker_from_config(config)


def test_the_environment_comes_before_the_configuration(monkeypatch):
    config = {
        "type": "mlflow",
        "mlflow": {"experiment_name": "churn", "tracking_uri": "sqlite:///a.db"},
    }
    monkeypatch.setenv("TRACKFIX_TRACKER_EXPERIMENT_NAME", "other")
    monkeypatch.setenv("TRACKFIX_TRACKER_BUFFER_SECONDS", "1.5")
    monkeypatch.setenv("TRACKFIX_TRACKER_TRACKING_URI", "")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///of-the-process.db")
    tracker = build_tracker_from_config(config)
    assert isinstance(tracker, MLflowTracker)
    assert (tracker.experiment_name, tracker.buffer_seconds) == ("other", 1.5)
    assert tracker.tracking_uri == "sqlite:///a.db"
    monkeypatch.setenv("TRACKFIX_TRACKER_ENABLED", "0")
    assert type(build_tracker_from_config(config)) is NoopTracker


@pytest.mark.parametrize(
    "variable, value",
    [("ENABLD", "0"), ("TAGS", "a=1"), ("TYPE", "mlfow"), ("ENABLED", "perhaps")],
)
def test_a_variable_that_can_not_be_used_is_an_error_that_names_it(monkeypatch, variable, value):
    monkeypatch.setenv(f"TRACKFIX_TRACKER_{variable}", value)
    with pytest.raises(ConfigError, match=f"TRACKFIX_TRACKER_{variable}"):
        build_tracker_from_config({})


def test_each_key_is_an_argument_of_the_tracker():
    given = {
        "experiment_name": "churn",
        "tracking_uri": "sqlite:///a.db",
        "run_name": "fit",
        "tags": {"a": 1},
        "nested": True,
        "on_missing_run": "ignore",
        "on_artifact_error": "raise",
        "buffer_seconds": 3.0,
    }
    tracker = build_tracker_from_config(given)
    assert {key: getattr(tracker, key) for key in given} == given
    assert given.keys() | {"type", "enabled"} == TrackerConfig.__dataclass_fields__.keys()
