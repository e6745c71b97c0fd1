"""Hashes that tell studies and trials apart: given, or read from a run's tags, or computed.

The canonical form that is hashed is JSON with sorted keys and without spaces, where

* whole numbers are written alike, so 1 and 1.0 are one value, and -0.0 is 0;
* ``true`` is not 1, and text is never a number: "1" is not 1;
* NaN and the infinities are the tokens NaN, Infinity and -Infinity;
* tuples are lists, sets are lists sorted by their canonical form, paths and dates are their text;
* keys are text: 1 and "1" are one key, as they are in JSON;
* scalars and arrays of NumPy are what their ``tolist()`` gives.

Anything else has no canonical form, and is an error: the text of an arbitrary object may hold
its address, and be another one in the next process.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence, Set
from enum import Enum
from typing import TYPE_CHECKING, Any

from trackfix.tracking.client import create_mlflow_client
from trackfix.tracking.errors import ConfigError, RunNotFoundError, mlflow_errors
from trackfix.tracking.setup import require_configured
from trackfix.tracking.tag_keys import DEFAULT_TAG_KEYS, TagKeys

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient


def canonical_json(value: Any) -> str:
    """The canonical form of a value, see above.

    Raises:
        ConfigError: it has none, or two keys of a mapping are one.

    >>> from trackfix.tracking.hashes import canonical_json
    >>> canonical_json({"lr": 1.0, "layers": (2, 4), "bias": True})
    '{"bias":true,"layers":[2,4],"lr":1}'
    >>> canonical_json(object())
    Traceback (most recent call last):
    trackfix.tracking.errors.ConfigError: a value of type object has no canonical form
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


def canonical_hash(value: Any) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits.

    Raises:
        ConfigError: see ``canonical_json``.

    >>> from trackfix.tracking.hashes import canonical_hash
    >>> canonical_hash({"a": 1, "b": 2}) == canonical_hash({"b": 2.0, "a": 1})
    True
    """
    return hashlib.sha256(canonical_json(value).encode("ascii")).hexdigest()


def compute_study_key_hash_v2(
    data_config: Mapping[str, Any],
    hpo_config: Mapping[str, Any],
    model: str,
    train_config: Mapping[str, Any] | None = None,
) -> str:
    """The hash of a study: what it is searched on, how, and for which model.

    An empty ``train_config`` counts as none.

    Raises:
        ConfigError: a setting has no canonical form.

    >>> from trackfix.tracking import compute_study_key_hash_v2
    >>> first = compute_study_key_hash_v2({"name": "news"}, {"trials": 20}, "distilbert")
    >>> first == compute_study_key_hash_v2({"name": "news"}, {"trials": 20.0}, "distilbert")
    True
    """
    study = {"data": data_config, "hpo": hpo_config, "model": model, "train": train_config or {}}
    return canonical_hash({"schema": "study-v2", **study})


def compute_trial_key_hash(study_key_hash: str, hyperparameters: Mapping[str, Any]) -> str:
    """The hash of a trial: its study, and its hyperparameters.

    Raises:
        ConfigError: a hyperparameter has no canonical form.

    >>> from trackfix.tracking.hashes import compute_trial_key_hash
    >>> compute_trial_key_hash("ab12", {"lr": 1}) == compute_trial_key_hash("ab12", {"lr": 1.0})
    True
    """
    trial = {"study": study_key_hash, "hyperparameters": hyperparameters}
    return canonical_hash({"schema": "trial-v2", **trial})


def get_study_key_hash_from_run(
    run_id: str,
    *,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
) -> str | None:
    """The study hash in the tags of a run; None when the run has no such tag.

    Raises:
        NotConfiguredError: no store is configured, see ``require_configured``.
        RunNotFoundError: there is no such run.
        ServerUnavailableError: the server can't be asked.

    >>> from trackfix.tracking import create_mlflow_client, get_study_key_hash_from_run
    >>> run = create_mlflow_client().create_run("0", tags={"code.study_key_hash": "ab12"})
    >>> get_study_key_hash_from_run(run.info.run_id)
    'ab12'
    """
    return _tag_of_run(run_id, keys.study_key_hash, client, tracking_uri)


def get_or_compute_study_key_hash(
    study_key_hash: str | None = None,
    run_id: str | None = None,
    data_config: Mapping[str, Any] | None = None,
    hpo_config: Mapping[str, Any] | None = None,
    model: str | None = None,
    train_config: Mapping[str, Any] | None = None,
    *,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
) -> str | None:
    """The study hash that is given; else that of the run's tags; else the computed one, for which
    data, search settings and model are needed. None when none of the three can be had.

    Raises:
        NotConfiguredError, RunNotFoundError, ServerUnavailableError: the run can't be read;
            computing another hash instead would split the study in two.
        ConfigError: a setting has no canonical form.

    >>> from trackfix.tracking import get_or_compute_study_key_hash
    >>> get_or_compute_study_key_hash("ab12")
    'ab12'
    >>> len(get_or_compute_study_key_hash(data_config={}, hpo_config={}, model="distilbert"))
    64
    >>> get_or_compute_study_key_hash(model="distilbert") is None
    True
    """
    if study_key_hash:
        return study_key_hash
    tag = _tag_of_run(run_id, keys.study_key_hash, client, tracking_uri) if run_id else None
    if tag:
        return tag
    if data_config is None or hpo_config is None or not model:
        return None
    return compute_study_key_hash_v2(data_config, hpo_config, model, train_config)


def get_or_compute_trial_key_hash(
    trial_key_hash: str | None = None,
    run_id: str | None = None,
    study_key_hash: str | None = None,
    hyperparameters: Mapping[str, Any] | None = None,
    *,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
) -> str | None:
    """The trial hash that is given; else that of the run's tags; else the computed one, for which
    the study hash and the hyperparameters are needed. None when none of the three can be had.

    Raises:
        NotConfiguredError, RunNotFoundError, ServerUnavailableError: the run can't be read.
        ConfigError: a hyperparameter has no canonical form.

    >>> from trackfix.tracking import get_or_compute_trial_key_hash
    >>> one = get_or_compute_trial_key_hash(study_key_hash="ab12", hyperparameters={"depth": 1})
    >>> one == get_or_compute_trial_key_hash(study_key_hash="ab12", hyperparameters={"depth": 1.0})
    True
    """
    if trial_key_hash:
        return trial_key_hash
    tag = _tag_of_run(run_id, keys.trial_key_hash, client, tracking_uri) if run_id else None
    if tag:
        return tag
    if not study_key_hash or hyperparameters is None:
        return None
    return compute_trial_key_hash(study_key_hash, hyperparameters)


def _tag_of_run(
    run_id: str, key: str, client: MlflowClient | None, tracking_uri: str | None
) -> str | None:
    client = client or create_mlflow_client(require_configured(tracking_uri))
    doing = f"reading the tags of run {run_id}"
    with mlflow_errors(doing, missing=RunNotFoundError, invalid=RunNotFoundError):
        run = client.get_run(run_id)
    return run.data.tags.get(key) or None


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and value.is_integer() else float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, Set):
        return [_plain(element) for element in sorted(value, key=canonical_json)]
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return [_plain(element) for element in value]
    tolist = getattr(value, "tolist", None)
    if callable(tolist):
        return _plain(tolist())
    raise ConfigError(f"a value of type {type(value).__name__} has no canonical form")


def _plain_mapping(mapping: Mapping[Any, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, value in mapping.items():
        text = key if isinstance(key, str) else canonical_json(key)
        if text in plain:
            raise ConfigError(f"two keys of a mapping are {text!r} in the canonical form")
        plain[text] = _plain(value)
    return plain
