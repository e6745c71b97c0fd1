"""Whose child a new run is, and what follows from that.

A child belongs to the experiment of its parent. The parent is the one that is given; else the run
that is active in this thread; else the one that ``setup_mlflow_tracking_env`` left word of in the
environment. MLflow's active run is per thread, and a forked process begins without one: there, give
``parent_run_id``. Without a parent there is an error, never a run on its own.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from trackfix.tracking.azureml import child_run_tags
from trackfix.tracking.errors import RunNotFoundError, RunStateError, mlflow_errors
from trackfix.tracking.experiments import resolve_experiment_id
from trackfix.tracking.setup import PARENT_RUN_ENV, parent_run_id_from_environment
from trackfix.tracking.tag_keys import DEFAULT_TAG_KEYS

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

logger = logging.getLogger("trackfix.tracking")


def parent_of_new_run() -> str:
    """The run that is active in this thread, or else that of the environment.

    Raises:
        RunStateError: there is none.

    >>> import mlflow
    >>> from trackfix.tracking.parents import parent_of_new_run
    >>> with mlflow.start_run() as run:
    ...     parent_of_new_run() == run.info.run_id
    True
    """
    import mlflow

    if (active := mlflow.active_run()) is not None:
        return str(active.info.run_id)
    if parent_run_id := parent_run_id_from_environment():
        return parent_run_id
    raise RunStateError(
        "a child run needs a parent: no run is active in this thread of this process, and the "
        f"environment has no {PARENT_RUN_ENV} (see setup_mlflow_tracking_env); give parent_run_id"
    )


def experiment_of_child(
    client: MlflowClient, parent_run_id: str, experiment_name: str | None = None
) -> str:
    """The experiment of the parent: one read.

    Args:
        experiment_name: for a parent that is not in this store. It is this one then, with a
            warning.

    Raises:
        RunStateError: the parent is deleted.
        RunNotFoundError: it is not in this store, and ``experiment_name`` is not given.
        ExperimentNotFoundError, ExperimentDeletedError: there is no such experiment.

    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.parents import experiment_of_child
    >>> client = create_mlflow_client()
    >>> experiment_of_child(client, client.create_run("0").info.run_id)
    '0'
    """
    try:
        doing = f"reading parent run {parent_run_id}"
        with mlflow_errors(doing, missing=RunNotFoundError, invalid=RunNotFoundError):
            parent = client.get_run(parent_run_id)
    except RunNotFoundError as error:
        if experiment_name is None:
            raise
        logger.warning("%s; its child goes to experiment %r", error, experiment_name)
        return resolve_experiment_id(experiment_name=experiment_name, client=client)
    if parent.info.lifecycle_stage == "deleted":
        raise RunStateError(
            f"parent run {parent_run_id} is deleted; restore it with "
            f"`mlflow runs restore --run-id {parent_run_id}`"
        )
    return str(parent.info.experiment_id)


def parent_tags(client: MlflowClient, parent_run_id: str) -> dict[str, str]:
    """The tags that make a run a child of this one in the UI of MLflow, or in that of Azure ML.

    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.parents import parent_tags
    >>> parent_tags(create_mlflow_client(), "0c5e")
    {'mlflow.parentRunId': '0c5e'}
    """
    return {DEFAULT_TAG_KEYS.parent_run_id: parent_run_id, **child_run_tags(client.tracking_uri)}
