"""Batches: what MLflow can't store is said, and nothing takes more requests than it must."""

import itertools
import logging

import mlflow
import pytest
from mlflow.entities import Metric, Param

from trackfix.tracking import LimitError, RunNotFoundError, create_mlflow_client
from trackfix.tracking.batches import (
    MAX_REQUEST_BYTES,
    checked_key,
    flatten_params,
    make_metric,
    make_params,
    make_tags,
    send_metrics,
    send_params,
    send_tags,
)


@pytest.fixture
def client(store):
    return create_mlflow_client()


@pytest.fixture
def run_id(client):
    return client.create_run("0").info.run_id


@pytest.fixture
def requests(client, monkeypatch):
    """The arguments of each ``log_batch`` that reaches the store."""
    kind = type(client._tracking_client.store)
    seen = []
    log_batch = kind.log_batch

    def seeing(self, **given):
        seen.append(given)
        return log_batch(self, **given)

    monkeypatch.setattr(kind, "log_batch", seeing)
    return seen


@pytest.mark.parametrize("key", ["loss", "val/loss", "a.b", "a-b_c d:e", "größe", "x" * 250, "1"])
def test_a_key_that_mlflow_stores_is_kept(key, client, run_id):
    assert checked_key(key) == key
    client.log_metric(run_id, key, 1.0)


@pytest.mark.parametrize(
    "key", ["", "f1@5", "a[0]", "wow!", "x" * 251, "/a", "a//b", "a/../b", "..", ".", "a\n"]
)
def test_a_key_that_mlflow_refuses_is_an_error_that_names_it(key, client, run_id):
    with pytest.raises(LimitError, match="MLflow can't store the key"):
        checked_key(key)
    if key != "a\n":  # MLflow's own pattern lets a last line break through
        with pytest.raises(mlflow.MlflowException):
            client.log_param(run_id, key, "1")


def test_nested_params_are_flattened_with_dots():
    assert flatten_params({"a": {"b": {"c": 1}, "d": 2}, "e": 3, 4: 5}) == {
        "a.b.c": 1,
        "a.d": 2,
        "e": 3,
        "4": 5,
    }


@pytest.mark.parametrize(
    "params", [{"a": {"b": 1}, "a.b": 1}, {"a.b": {"c": 1}, "a": {"b.c": 2}}, {1: "x", "1": "y"}]
)
def test_two_keys_that_flatten_to_one_are_an_error(params):
    with pytest.raises(LimitError, match="two params flatten to the key"):
        flatten_params(params)


def test_empty_mappings_and_lists_are_kept_as_text():
    params = {"a": {}, "b": [], "c": {"d": {}}, "e": [1, 2], "f": None, "g": True}
    assert {param.key: param.value for param in make_params(params)} == {
        "a": "{}",
        "b": "[]",
        "c.d": "{}",
        "e": "[1, 2]",
        "f": "None",
        "g": "True",
    }


def test_flattening_changes_nothing_of_what_it_is_given():
    params = {"a": {"b": 1}}
    flatten_params(params)
    assert params == {"a": {"b": 1}}


@pytest.mark.parametrize("value", ["high", None, [1, 2], {}, 10**400])
def test_a_metric_that_is_no_number_is_an_error_that_names_it(value):
    with pytest.raises(LimitError, match="the metric 'loss' is no number"):
        make_metric("loss", value, 0, 0)


class OneNumber:
    """As a tensor or an array of one number."""

    def __float__(self):
        return 0.25


@pytest.mark.parametrize(
    "value, stored", [(1, 1.0), ("0.5", 0.5), (True, 1.0), (OneNumber(), 0.25)]
)
def test_a_metric_is_what_float_makes_of_it(value, stored):
    assert make_metric("loss", value, 0, 0).value == stored


def test_a_tag_of_none_is_no_tag():
    assert [tag.key for tag in make_tags({"a": None, "b": ""})] == ["b"]


@pytest.mark.parametrize("step", [1.5, "x", None, 2**63, float("nan"), float("inf")])
def test_a_step_that_is_no_integer_is_an_error_that_names_its_metric(step):
    with pytest.raises(LimitError, match="step of metric 'loss' is no integer"):
        make_metric("loss", 0.5, 0, step)


@pytest.mark.parametrize("timestamp", ["now", None, 1e30])
def test_a_timestamp_that_is_no_integer_is_an_error_that_names_its_metric(timestamp):
    with pytest.raises(LimitError, match="timestamp of metric 'loss' is no integer"):
        make_metric("loss", 0.5, timestamp, 0)


def test_what_is_close_to_an_integer_is_one(client, run_id):
    point = make_metric("loss", 0.5, 1700000000000.7, 3.0)
    send_metrics(client, run_id, [point, make_metric("f1", 0.5, 0, -1)])
    [stored] = client.get_metric_history(run_id, "loss")
    assert (stored.timestamp, stored.step) == (1700000000001, 3)


@pytest.mark.parametrize("make, limit", [(make_params, 6000), (make_tags, 8000)])
def test_a_long_value_is_cut_and_a_warning_names_its_key(make, limit, caplog):
    [fits] = make({"fits": "x" * limit})
    assert not caplog.records
    with caplog.at_level(logging.WARNING, "trackfix.tracking"):
        [cut] = make({"prompt": "x" * (limit + 1)})
    assert len(fits.value) == len(cut.value) == limit
    assert f"'prompt' has {limit + 1} characters" in caplog.text


def test_a_long_value_is_an_error_where_mlflow_is_told_not_to_cut(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRUNCATE_LONG_VALUES", "false")
    with pytest.raises(LimitError, match="'prompt' has 6001 characters"):
        make_params({"prompt": "x" * 6001})


def test_a_request_holds_a_thousand_metrics(client, run_id, requests):
    send_metrics(client, run_id, [Metric("loss", n, n, n) for n in range(2002)])
    assert [len(request["metrics"]) for request in requests] == [1000, 1000, 2]
    history = client.get_metric_history(run_id, "loss")
    assert sorted(point.step for point in history) == list(range(2002))


def test_a_request_holds_a_hundred_params_or_tags(client, run_id, requests):
    send_params(client, run_id, make_params({f"p{n}": n for n in range(101)}))
    send_tags(client, run_id, make_tags({f"t{n}": n for n in range(200)}))
    assert [len(request["params"]) for request in requests] == [100, 1, 0, 0]
    assert [len(request["tags"]) for request in requests] == [0, 0, 100, 100]
    run = client.get_run(run_id)
    assert run.data.params == {f"p{n}": str(n) for n in range(101)}
    assert run.data.tags["t199"] == "199"


def test_a_request_is_never_larger_than_a_megabyte(client, run_id, requests):
    from mlflow.protos.service_pb2 import LogBatch
    from mlflow.utils.proto_json_utils import message_to_json

    # 100 params of 6,000 characters that JSON writes with six bytes each.
    send_params(client, run_id, [Param(f"p{n}", "ä" * 6000) for n in range(100)])
    sizes = [
        len(
            message_to_json(
                LogBatch(run_id=run_id, params=[param.to_proto() for param in given["params"]])
            )
        )
        for given in requests
    ]
    assert max(sizes) <= MAX_REQUEST_BYTES
    # As few as that allows: no two neighbours would fit into one.
    assert all(a + b > MAX_REQUEST_BYTES for a, b in itertools.pairwise(sizes))
    assert len(client.get_run(run_id).data.params) == 100


def test_nothing_is_sent_for_nothing(client, requests):
    send_metrics(client, "no-such-run", [])
    assert requests == []


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_comes_to_light_where_mlflow_logs_asynchronously(client, monkeypatch, count):
    monkeypatch.setenv("MLFLOW_ENABLE_ASYNC_LOGGING", "true")
    with pytest.raises(RunNotFoundError):
        send_metrics(client, "0123", [make_metric("loss", n, 0, n) for n in range(count)])
    with pytest.raises(RunNotFoundError):
        send_params(client, "0123", make_params({"depth": 3}))
    with pytest.raises(RunNotFoundError):
        send_tags(client, "0123", make_tags({"stage": "training"}))


def test_a_run_that_is_not_there_is_an_error_that_names_it(client):
    with pytest.raises(RunNotFoundError, match="logging 1 metrics to run 0123"):
        send_metrics(client, "0123", [make_metric("loss", 1, 0, 0)])


def test_another_value_for_a_param_is_an_error(client, run_id):
    send_params(client, run_id, make_params({"depth": 3}))
    send_params(client, run_id, make_params({"depth": 3}))
    with pytest.raises(LimitError, match="depth"):
        send_params(client, run_id, make_params({"depth": 4}))
