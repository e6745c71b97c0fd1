"""The hashes of studies and trials, and where they come from."""

import datetime
import enum
import math
import pathlib
import socket
import subprocess
import sys
from typing import Any

import pytest

from trackfix.tracking import (
    ConfigError,
    RunNotFoundError,
    ServerUnavailableError,
    TagKeys,
    compute_study_key_hash_v2,
    create_mlflow_client,
    get_or_compute_study_key_hash,
    get_or_compute_trial_key_hash,
    get_study_key_hash_from_run,
)
from trackfix.tracking.hashes import canonical_hash, canonical_json, compute_trial_key_hash


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.regression("1 and 1.0 hashed differently")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (0, -0.0),
        (10**22, 1e22),
        ({"lr": 1, "depth": [2, {"a": 3}]}, {"depth": [2.0, {"a": 3.0}], "lr": 1.0}),
        ((1, 2), [1, 2]),
        ({1, 2, 3}, {3.0, 2.0, 1.0}),
        ({"b", "a"}, ["a", "b"]),
        ({1: "a"}, {"1": "a"}),
        (float("nan"), -float("nan")),
        (pathlib.PurePosixPath("data/x"), "data/x"),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (Colour.RED, "red"),
    ],
)
def test_values_that_mean_the_same_hash_the_same(one, other):
    assert canonical_hash({"value": one}) == canonical_hash({"value": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        (1, "1"),
        (1, 1 + 2**-52),
        (2**53, 2**53 + 1),
        (float("nan"), "NaN"),
        (float("nan"), None),
        (math.inf, -math.inf),
        (math.inf, "Infinity"),
        ([1, 2], [2, 1]),
        ([[1], 2], [1, [2]]),
        ({}, []),
        ({}, None),
        ("é", "e"),
        ({"a": None}, {}),
    ],
)
def test_values_that_differ_hash_differently(one, other):
    assert canonical_hash({"value": one}) != canonical_hash({"value": other})


class Scalar:
    """As one of NumPy is: it is no float, and has ``tolist``."""

    def __init__(self, value):
        self.value = value

    def tolist(self):
        return self.value


def test_scalars_and_arrays_of_numpy_are_their_plain_values():
    assert canonical_json([Scalar(1.0), Scalar([True, 2])]) == "[1,[true,2]]"


@pytest.mark.parametrize("value", [object(), b"bytes", len, 1j])
def test_what_has_no_canonical_form_is_an_error(value):
    with pytest.raises(ConfigError, match="has no canonical form"):
        canonical_hash({"a": [value]})


def test_two_keys_that_become_one_are_an_error():
    with pytest.raises(ConfigError, match="two keys of a mapping are '1'"):
        canonical_hash({1: "a", "1": "b"})


def test_the_hashes_are_the_same_in_every_process_and_release():
    study = compute_study_key_hash_v2({"name": "news"}, {"trials": 20}, "distilbert")
    assert study == "cf27e78d0e85830090e0ce7efa5c58eb08c8897afac8d67e60a720ca178bfd03"
    trial = "ebec9960f89570241e28c86b884abb06465110bd5ccad42c2ef0f034a1e08b2e"
    assert compute_trial_key_hash(study, {"lr": 1e-5, "on": {"b", "a", "c"}}) == trial
    code = (
        "from trackfix.tracking.hashes import compute_trial_key_hash; print(compute_trial_key_hash("
        f"{study!r}, {{'on': {{'c', 'b', 'a'}}, 'lr': 1e-5}}))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == trial


def test_each_part_of_a_study_counts_and_no_training_settings_are_empty_ones():
    base = compute_study_key_hash_v2({"d": 1}, {"h": 1}, "m")
    assert base == compute_study_key_hash_v2({"d": 1}, {"h": 1}, "m", {})
    others = [
        compute_study_key_hash_v2({"d": 2}, {"h": 1}, "m"),
        compute_study_key_hash_v2({"d": 1}, {"h": 2}, "m"),
        compute_study_key_hash_v2({"h": 1}, {"d": 1}, "m"),
        compute_study_key_hash_v2({"d": 1}, {"h": 1}, "n"),
        compute_study_key_hash_v2({"d": 1}, {"h": 1}, "m", {"t": 1}),
    ]
    assert len({base, *others}) == 6


def test_a_hash_is_taken_as_given_then_from_the_run_then_computed(any_store):
    client = create_mlflow_client()
    tags = {"code.study_key_hash": "tag", "code.trial_key_hash": "trial-tag"}
    tagged = client.create_run("0", tags=tags).info.run_id
    bare = client.create_run("0").info.run_id
    settings: Any = {"data_config": {}, "hpo_config": {}, "model": "m"}
    computed = compute_study_key_hash_v2({}, {}, "m")

    assert get_or_compute_study_key_hash("given", tagged, **settings) == "given"
    assert get_or_compute_study_key_hash(None, tagged, **settings) == "tag"
    assert get_or_compute_study_key_hash(None, bare, **settings) == computed
    assert get_or_compute_study_key_hash(None, bare) is None

    params: Any = {"study_key_hash": "s", "hyperparameters": {"lr": 1}}
    assert get_or_compute_trial_key_hash("given", tagged, **params) == "given"
    assert get_or_compute_trial_key_hash(None, tagged, **params) == "trial-tag"
    assert get_or_compute_trial_key_hash(None, bare, **params) == compute_trial_key_hash(
        "s", {"lr": 1}
    )
    assert get_or_compute_trial_key_hash(None, bare, study_key_hash="s") is None

    assert get_study_key_hash_from_run(tagged) == "tag"
    assert get_study_key_hash_from_run(bare) is None
    keys = TagKeys(study_key_hash="code.trial_key_hash", trial_key_hash="other")
    assert get_study_key_hash_from_run(tagged, keys=keys) == "trial-tag"


def test_an_id_that_mlflow_rejects_is_that_of_no_run(store):
    with pytest.raises(RunNotFoundError, match="reading the tags of run my run"):
        get_study_key_hash_from_run("my run")


def test_a_run_that_is_not_there_is_an_error_and_not_an_absent_hash(any_store):
    with pytest.raises(RunNotFoundError):
        get_or_compute_study_key_hash(
            None, "0" * 32, data_config={}, hpo_config={}, model="distilbert"
        )
    with pytest.raises(RunNotFoundError):
        get_study_key_hash_from_run("0" * 32)


def test_an_outage_is_an_error_and_not_an_absent_hash(monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ServerUnavailableError):
        get_or_compute_study_key_hash(
            None, "0" * 32, data_config={}, hpo_config={}, model="m", tracking_uri=nobody
        )
    with pytest.raises(ServerUnavailableError):
        get_or_compute_trial_key_hash(
            None, "0" * 32, study_key_hash="s", hyperparameters={}, tracking_uri=nobody
        )
