"""Finding the run that something is about: one list of strategies, the surest first.

Strict, the default, stops after those that go by a run id or by the hash of the run key. The
others guess, and are tried only on request. An error of the server is always raised: who takes an
outage for "there is no such run" trains twice, or goes on with the wrong run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from trackfix.tracking.client import create_mlflow_client
from trackfix.tracking.errors import (
    ConfigError,
    ExperimentDeletedError,
    ExperimentNotFoundError,
)
from trackfix.tracking.experiments import resolve_experiment_id
from trackfix.tracking.lookup import METADATA_FILE, Lookup
from trackfix.tracking.lookup_report import Attempt, RunLookupReport
from trackfix.tracking.naming import run_key_hash
from trackfix.tracking.queries import TagValue
from trackfix.tracking.setup import require_configured
from trackfix.tracking.tag_keys import DEFAULT_TAG_KEYS, TagKeys

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

    from trackfix.tracking.index import RunIndex
    from trackfix.tracking.naming import NamingContext

__all__ = [
    "METADATA_FILE",
    "Attempt",
    "RunLookupReport",
    "find_mlflow_run",
    "find_run_by_trial_id",
]


def find_mlflow_run(
    experiment_name: str | None = None,
    context: NamingContext | None = None,
    output_dir: str | os.PathLike[str] | None = None,
    *,
    strict: bool | None = None,
    run_id: str | None = None,
    run_name: str | None = None,
    tags: Mapping[str, TagValue] | None = None,
    key_hash: str | None = None,
    experiment_id: str | None = None,
    index: RunIndex | None = None,
    config: Mapping[str, Any] | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
) -> RunLookupReport:
    """Find a run. The first of these that finds one decides, with at most one query for each:

    1. ``run_id``: the run id given
    2. ``metadata``: the run id in ``metadata.json`` of ``output_dir``: ``run_id`` or
       ``mlflow_run_id``, and ``tracking_uri`` if it is there, at the top or in a section ``mlflow``
    3. ``index``: the local index, by run-key hash
    4. ``run_key_hash``: the newest run tagged with the run-key hash
    5. ``tags``: the newest run with the spec fingerprint of ``context``, and with its stage, model,
       env and variant as far as they are set
    6. ``run_name``: the newest run of this name
    7. ``most_recent``: the newest run with ``tags``. Without ``tags`` it is the newest of all if
       nothing else was given to find one by; else it would be an unrelated run, and is skipped.

    5 to 7 are tried only when not strict. Whatever finds it, a run is not taken that is deleted, is
    not in the experiment given, or lacks one of ``tags``; nor, by 2 and 3, one that has
    another run-key hash or is in another tracking store. 4 to 7 look into the experiment given, or
    else into the one that is active in this process.

    Args:
        strict: that of ``config`` without it, and True without that.
        tags: what the run must carry.
        key_hash: the run-key hash; that of ``context`` without it.
        config: settings of the finder; ``strict``, true or false, is the only one.
        keys: the tag keys of the project.

    Raises:
        RunNotFoundError: strict, and 1 to 4 found nothing; the message says what came of each.
        ConfigError: another name in ``config``, or a value that isn't true or false.
        NotConfiguredError: no store is configured, see ``require_configured``.
        ServerUnavailableError: the server can't be reached; no weaker strategy is tried then.

    >>> from trackfix.tracking import NamingContext, create_training_mlflow_run, find_mlflow_run
    >>> from trackfix.tracking import get_or_create_experiment
    >>> churn = get_or_create_experiment("churn")
    >>> context = NamingContext(stage="training", model="distilbert", spec_fp="1f0e9a3b")
    >>> run = create_training_mlflow_run(context, experiment_id=churn)
    >>> print(find_mlflow_run("churn", context))
    run ... found by run_key_hash
      run_id: skipped (none was given)
      metadata: skipped (no output_dir was given)
      index: skipped (no index was given)
      run_key_hash: found
    """
    strict = _is_strict(strict, config)
    client = client or create_mlflow_client(require_configured(tracking_uri))
    lookup = _lookup(client, keys, experiment_id, experiment_name, tags)
    if isinstance(lookup, Attempt):
        return _report([lookup], strict=strict)
    if key_hash is None and context is not None:
        key_hash = run_key_hash(context)
    only_an_experiment = not (run_id or output_dir or key_hash or run_name)
    sure: dict[str, Callable[[], Attempt]] = {
        "run_id": lambda: lookup.by_run_id("run_id", run_id),
        "metadata": lambda: lookup.by_metadata(output_dir, key_hash),
        "index": lambda: lookup.by_index(index, key_hash),
        "run_key_hash": lambda: lookup.by_key_hash(key_hash),
    }
    weaker: dict[str, Callable[[], Attempt]] = {
        "tags": lambda: lookup.by_context(context),
        "run_name": lambda: lookup.by_run_name(run_name),
        "most_recent": lambda: lookup.by_time(anything_goes=only_an_experiment),
    }
    attempts = []
    for name, strategy in {**sure, **weaker}.items():
        if strict and name in weaker:
            attempts.append(Attempt(name, "skipped", "not tried when strict"))
            continue
        attempts.append(strategy())
        if attempts[-1].outcome == "found":
            break
    return _report(attempts, strict=strict)


def find_run_by_trial_id(
    trial_id: str | int,
    experiment_name: str | None = None,
    *,
    strict: bool | None = None,
    tags: Mapping[str, TagValue] | None = None,
    experiment_id: str | None = None,
    config: Mapping[str, Any] | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
) -> RunLookupReport:
    """Find the run of a trial: the newest that is tagged with its id and isn't one of its folds.

    Trial ids are often those of one study only: give the study's in ``tags``, where an experiment
    holds several.

    Args:
        experiment_name, experiment_id: where to look; the experiment that is active without them.
        tags: what the run must carry besides.
        strict, config: whether it is an error if there is none, see ``find_mlflow_run``.

    Raises:
        RunNotFoundError: strict, and there is none.
        ConfigError, NotConfiguredError, ServerUnavailableError: see ``find_mlflow_run``.

    >>> from trackfix.tracking import create_mlflow_client, find_run_by_trial_id
    >>> client = create_mlflow_client()
    >>> trial = client.create_run("0", tags={"code.trial_id": "7"})
    >>> fold = client.create_run("0", tags={"code.trial_id": "7", "code.fold": "0"})
    >>> find_run_by_trial_id(7, experiment_id="0").run_id == trial.info.run_id
    True
    """
    strict = _is_strict(strict, config)
    client = client or create_mlflow_client(require_configured(tracking_uri))
    lookup = _lookup(client, keys, experiment_id, experiment_name, tags)
    attempt = lookup if isinstance(lookup, Attempt) else lookup.by_trial_id(str(trial_id))
    return _report([attempt], strict=strict)


def _lookup(
    client: MlflowClient,
    keys: TagKeys,
    experiment_id: str | None,
    experiment_name: str | None,
    tags: Mapping[str, TagValue] | None,
) -> Lookup | Attempt:
    """A failed attempt instead if there is no such experiment: then no run of it can be found."""
    if experiment_id is None and experiment_name is not None:
        try:
            experiment_id = resolve_experiment_id(experiment_name=experiment_name, client=client)
        except (ExperimentNotFoundError, ExperimentDeletedError) as error:
            return Attempt("experiment", "not found", str(error), error=error)
    return Lookup(client, keys, experiment_id, tags or {})


def _report(attempts: list[Attempt], *, strict: bool) -> RunLookupReport:
    report = RunLookupReport(tuple(attempts))
    if strict:
        report.raise_if_not_found()
    return report


def _is_strict(argument: bool | None, config: Mapping[str, Any] | None) -> bool:
    config = config or {}
    if unknown := sorted(set(config) - {"strict"}):
        raise ConfigError(f"unknown settings of the finder: {unknown}; the only one is 'strict'")
    strict = argument if argument is not None else config.get("strict", True)
    if not isinstance(strict, bool):
        raise ConfigError(f"strict must be true or false, not {strict!r}")
    return strict
