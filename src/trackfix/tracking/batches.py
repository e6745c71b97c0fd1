"""What MLflow stores of metrics, params and tags, sent in as few requests as its limits allow.

The limits are those of ``mlflow/utils/validation.py``, the same in 3.1 and 3.17. Checking a key or
a value here, at the call that logs it, says which one it is; one that only the server refuses takes
the other 999 of its request with it. ``MLFLOW_ENABLE_ASYNC_LOGGING`` changes nothing here: MLflow's
own asynchronous logging tells nobody what failed.
"""

from __future__ import annotations

import json
import logging
import math
import posixpath
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from trackfix.tracking.errors import LimitError, RunNotFoundError, mlflow_errors

if TYPE_CHECKING:
    from mlflow.entities import Metric, Param, RunTag
    from mlflow.tracking import MlflowClient

MAX_KEY_LENGTH = 250
MAX_PARAM_LENGTH = 6_000
MAX_TAG_LENGTH = 8_000
MAX_METRICS = 1_000
"""In one request, as the next two."""
MAX_PARAMS_OR_TAGS = 100
MAX_REQUEST_BYTES = 1_000_000

logger = logging.getLogger("trackfix.tracking")

# What one entity takes in the JSON of a request beside its texts, and the request beside its
# entities: rounded up.
_ENTITY_BYTES = 160
_REQUEST_BYTES = 1_000

_KEY = re.compile(r"[/\w.\- ]+" if sys.platform == "win32" else r"[/\w.\- :]+")

_Entity = TypeVar("_Entity", "Metric", "Param", "RunTag")

_sending = partial(mlflow_errors, missing=RunNotFoundError, invalid=LimitError)


def checked_key(key: object) -> str:
    """The key as text.

    Raises:
        LimitError: MLflow would refuse it: longer than 250 characters, empty, one of other
            characters than letters, digits and ``_ - . / :`` and the space, or a path that
            isn't in its shortest form ("a//b", "../a").

    >>> from trackfix.tracking.batches import checked_key
    >>> checked_key("val/loss")
    'val/loss'
    >>> checked_key("f1@5")
    Traceback (most recent call last):
    trackfix.tracking.errors.LimitError: MLflow can't store the key 'f1@5': letters, digits, ...
    """
    text = str(key)
    if len(text) > MAX_KEY_LENGTH:
        why = f"{len(text)} characters, at most {MAX_KEY_LENGTH} are allowed"
    elif not _KEY.fullmatch(text):
        why = "letters, digits, spaces and _ - . / : are allowed"
    elif text != posixpath.normpath(text) or text == "." or text.startswith(("..", "/")):
        why = "as a path it would be another one"
    else:
        return text
    raise LimitError(f"MLflow can't store the key {text!r}: {why}")


def flatten_params(params: Mapping[Any, Any]) -> dict[str, Any]:
    """Nested mappings as one, their keys joined with dots. Everything else, lists and empty
    mappings among it, stays the value that it is, and becomes text when it is logged.

    Raises:
        LimitError: two keys become one, or MLflow can't store one.

    >>> from trackfix.tracking.batches import flatten_params
    >>> flatten_params({"optimizer": {"name": "adam", "betas": [0.9, 0.99]}, "hooks": {}})
    {'optimizer.name': 'adam', 'optimizer.betas': [0.9, 0.99], 'hooks': {}}
    >>> flatten_params({"a": {"b": 1}, "a.b": 2})
    Traceback (most recent call last):
    trackfix.tracking.errors.LimitError: two params flatten to the key 'a.b'
    """
    flat: dict[str, Any] = {}
    for key, value in _leaves(params, ""):
        if key in flat:
            raise LimitError(f"two params flatten to the key {key!r}")
        flat[checked_key(key)] = value
    return flat


def make_metric(key: str, value: Any, timestamp: float, step: float) -> Metric:
    """One point; the value may be anything that ``float()`` takes, so a tensor of one number too.

    Args:
        timestamp: milliseconds since 1970; a fraction of one is rounded.
        step: a whole number.

    Raises:
        LimitError: the value is no number, or MLflow can't store key, timestamp or step.

    >>> from trackfix.tracking.batches import make_metric
    >>> make_metric("loss", 1, 1700000000000, 3).value
    1.0
    """
    from mlflow.entities import Metric

    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise LimitError(f"the metric {key!r} is no number: {value!r}") from error
    return Metric(
        checked_key(key),
        number,
        _stored_integer(f"timestamp of metric {key!r}", timestamp, math.inf),
        _stored_integer(f"step of metric {key!r}", step, 0),
    )


def make_params(params: Mapping[Any, Any]) -> list[Param]:
    """Nested params, flattened and as text; longer than 6,000 characters are cut with a warning.

    Raises:
        LimitError: as ``flatten_params``; or a value is too long and
            ``MLFLOW_TRUNCATE_LONG_VALUES`` is false.

    >>> from trackfix.tracking.batches import make_params
    >>> [(param.key, param.value) for param in make_params({"model": {"depth": 3}})]
    [('model.depth', '3')]
    """
    from mlflow.entities import Param

    flat = flatten_params(params)
    return [Param(key, _text("param", key, flat[key], MAX_PARAM_LENGTH)) for key in flat]


def make_tags(tags: Mapping[str, Any]) -> list[RunTag]:
    """Tags as text, without those whose value is None; longer than 8,000 characters are cut with a
    warning.

    Raises:
        LimitError: MLflow can't store a key; or a value is too long and
            ``MLFLOW_TRUNCATE_LONG_VALUES`` is false.

    >>> from trackfix.tracking.batches import make_tags
    >>> [(tag.key, tag.value) for tag in make_tags({"fold": 1})]
    [('fold', '1')]
    """
    from mlflow.entities import RunTag

    return [
        RunTag(checked_key(key), _text("tag", key, value, MAX_TAG_LENGTH))
        for key, value in tags.items()
        if value is not None
    ]


def send_metrics(client: MlflowClient, run_id: str, metrics: Sequence[Metric]) -> None:
    """Log points, 1,000 in a request or as many as fit into 1 MB.

    Raises:
        LimitError: MLflow refused them; what was in earlier requests is stored.
        RunNotFoundError: there is no such run.
        ServerUnavailableError: no answer.

    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.batches import make_metric, send_metrics
    >>> client = create_mlflow_client()
    >>> run_id = client.create_run("0").info.run_id
    >>> send_metrics(client, run_id, [make_metric("loss", 1 / (n + 1), 0, n) for n in range(9)])
    >>> len(client.get_metric_history(run_id, "loss"))
    9
    """
    for batch in _batches(metrics, MAX_METRICS):
        with _sending(f"logging {len(batch)} metrics to run {run_id}"):
            if len(batch) > 1:
                client.log_batch(run_id, metrics=batch, synchronous=True)
            else:  # MLflow takes a third longer for a batch of one, on SQLite
                [point] = batch
                client.log_metric(
                    run_id, point.key, point.value, point.timestamp, point.step, synchronous=True
                )


def send_params(client: MlflowClient, run_id: str, params: Sequence[Param]) -> None:
    """Log params, 100 in a request or as many as fit into 1 MB.

    Raises:
        LimitError: MLflow refused them, as it does when one has another value already; what was
            in earlier requests is stored.
        RunNotFoundError: there is no such run.
        ServerUnavailableError: no answer.

    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.batches import make_params, send_params
    >>> client = create_mlflow_client()
    >>> run_id = client.create_run("0").info.run_id
    >>> send_params(client, run_id, make_params({"depth": 3}))
    >>> send_params(client, run_id, make_params({"depth": 4}))
    Traceback (most recent call last):
    trackfix.tracking.errors.LimitError: logging 1 params to run ... failed: ...
    """
    for batch in _batches(params, MAX_PARAMS_OR_TAGS):
        with _sending(f"logging {len(batch)} params to run {run_id}"):
            client.log_batch(run_id, params=batch, synchronous=True)


def send_tags(client: MlflowClient, run_id: str, tags: Sequence[RunTag]) -> None:
    """Set tags, 100 in a request or as many as fit into 1 MB.

    Raises:
        LimitError: MLflow refused them; what was in earlier requests is stored.
        RunNotFoundError: there is no such run.
        ServerUnavailableError: no answer.

    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.batches import make_tags, send_tags
    >>> client = create_mlflow_client()
    >>> run_id = client.create_run("0").info.run_id
    >>> send_tags(client, run_id, make_tags({"stage": "training"}))
    >>> client.get_run(run_id).data.tags["stage"]
    'training'
    """
    for batch in _batches(tags, MAX_PARAMS_OR_TAGS):
        with _sending(f"setting {len(batch)} tags of run {run_id}"):
            client.log_batch(run_id, tags=batch, synchronous=True)


def _stored_integer(what: str, value: Any, rounds_by: float) -> int:
    """A 64-bit integer, no farther from the value than it may be.

    One that MLflow refuses only when it is sent would hold up all that are collected after it.
    """
    try:
        number = value.__index__() if hasattr(value, "__index__") else float(value)
        integer = round(number)
    except (TypeError, ValueError, OverflowError):
        pass
    else:
        if abs(integer - number) <= rounds_by and -(2**63) <= integer < 2**63:
            return integer
    raise LimitError(f"the {what} is no integer of 64 bits: {value!r}")


def _leaves(params: Mapping[Any, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in params.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{path}.")
        else:
            yield path, value


def _text(kind: str, key: str, value: Any, limit: int) -> str:
    text = str(value)
    if len(text) <= limit:
        return text

    from mlflow.environment_variables import MLFLOW_TRUNCATE_LONG_VALUES

    what = f"{kind} {key!r} has {len(text)} characters, MLflow stores {limit}"
    if not MLFLOW_TRUNCATE_LONG_VALUES.get():
        raise LimitError(what)
    logger.warning("%s: the rest is cut off", what)
    return text[:limit]


def _batches(entities: Sequence[_Entity], most: int) -> Iterator[list[_Entity]]:
    batch: list[_Entity] = []
    size = _REQUEST_BYTES
    for entity in entities:
        # As MLflow writes it, six bytes for one character beyond ASCII.
        needed = _ENTITY_BYTES + len(json.dumps(entity.key)) + len(json.dumps(entity.value))
        if batch and (len(batch) == most or size + needed > MAX_REQUEST_BYTES):
            yield batch
            batch, size = [], _REQUEST_BYTES
        batch.append(entity)
        size += needed
    if batch:
        yield batch
