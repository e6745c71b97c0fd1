"""Runs of trainings: the tags and the index entry of a training, on top of ``runs``.

Which experiment and which parent is decided there, and only there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trackfix.tracking.errors import TrackingError
from trackfix.tracking.index import RunIndex
from trackfix.tracking.naming import (
    NamingContext,
    build_training_run_name_with_fallback,
    run_key_hash,
)
from trackfix.tracking.runs import configured_client, create_child_run, create_run_safe
from trackfix.tracking.tag_keys import DEFAULT_TAG_KEYS, TagKeys
from trackfix.tracking.tags import add_training_tags_with_lineage

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

logger = logging.getLogger("trackfix.tracking")


def create_training_mlflow_run(
    context: NamingContext,
    run_name: str | None = None,
    *,
    training_type: str | None = None,
    lineage: Mapping[str, Any] | None = None,
    experiment_id: str | None = None,
    experiment_name: str | None = None,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    index: RunIndex | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
    require_setup: bool = True,
) -> Run:
    """Create the run of a training, which the caller ends: ``create_run_safe`` with its tags.

    Args:
        context: what the run is about; the run-key hash that it is found by follows from it.
        run_name: that of ``build_training_run_name_with_fallback`` without it.
        training_type, lineage, keys: see ``add_training_tags_with_lineage``.
        experiment_id, experiment_name, parent_run_id, require_setup: see ``create_run_safe``.
        index: where to remember the run; if that fails, a warning says so.

    Raises:
        ConfigError: an unknown name in the lineage.
        TrackingError: it can't be created, see ``create_run_safe``.

    >>> from trackfix.tracking import NamingContext, RunIndex, create_training_mlflow_run
    >>> from trackfix.tracking import get_or_create_experiment
    >>> churn = get_or_create_experiment("churn")
    >>> context = NamingContext(stage="training", model="distilbert", spec_fp="1f0e9a3b")
    >>> index = RunIndex("runs.sqlite")
    >>> run = create_training_mlflow_run(context, experiment_id=churn, index=index)
    >>> run.data.tags["code.model"], run.info.run_name
    ('distilbert', 'training_distilbert_spec-1f0e9a3b_a823c9e5')
    """
    client = client or configured_client(tracking_uri, require_setup=require_setup)
    run = create_run_safe(
        run_name or build_training_run_name_with_fallback(context),
        experiment_id=experiment_id,
        experiment_name=experiment_name,
        parent_run_id=parent_run_id,
        tags=add_training_tags_with_lineage(
            tags, training_type, lineage, context=context, keys=keys
        ),
        client=client,
    )
    _remember(index, context, run, client)
    return run


@contextmanager
def create_training_child_run(
    context: NamingContext,
    run_name: str | None = None,
    parent_run_id: str | None = None,
    *,
    training_type: str | None = None,
    lineage: Mapping[str, Any] | None = None,
    experiment_name: str | None = None,
    tags: Mapping[str, Any] | None = None,
    index: RunIndex | None = None,
    keys: TagKeys = DEFAULT_TAG_KEYS,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
    require_setup: bool = True,
) -> Iterator[Run]:
    """A training within another run, one fold of a cross-validation for one: ``create_child_run``
    with the tags of a training.

    Args:
        context, run_name, training_type, lineage, index, keys: see ``create_training_mlflow_run``.
        parent_run_id, experiment_name, require_setup: see ``create_child_run``.

    Raises:
        ConfigError: an unknown name in the lineage.
        TrackingError: it can't be created or ended, see ``create_child_run``.

    >>> import mlflow
    >>> from trackfix.tracking import NamingContext, create_training_child_run
    >>> with mlflow.start_run() as parent:
    ...     context = NamingContext(stage="training", model="distilbert", fold=0)
    ...     with create_training_child_run(context, training_type="fold") as fold:
    ...         mlflow.log_metric("loss", 0.5)
    >>> fold.data.tags["mlflow.parentRunId"] == parent.info.run_id
    True
    >>> fold.data.tags["code.fold"], fold.data.tags["code.training_type"]
    ('0', 'fold')
    """
    client = client or configured_client(tracking_uri, require_setup=require_setup)
    child = create_child_run(
        run_name or build_training_run_name_with_fallback(context),
        parent_run_id,
        experiment_name=experiment_name,
        tags=add_training_tags_with_lineage(
            tags, training_type, lineage, context=context, keys=keys
        ),
        client=client,
    )
    with child as run:
        _remember(index, context, run, client)
        yield run


def _remember(
    index: RunIndex | None, context: NamingContext, run: Run, client: MlflowClient
) -> None:
    if index is None:
        return
    try:
        index.add(
            run_key_hash(context),
            run.info.run_id,
            client.tracking_uri,
            time=run.info.start_time / 1000,
        )
    except TrackingError as error:
        # A tag search finds it as well, and a run that exists must not be given up for this.
        logger.warning("run %s is not in the local index: %s", run.info.run_id, error)
