"""Experiments by name or by what is known of a run, also when many processes ask at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trackfix.tracking.client import create_mlflow_client
from trackfix.tracking.errors import (
    ConfigError,
    ExperimentDeletedError,
    ExperimentNotFoundError,
    RunNotFoundError,
    TrackingError,
    error_code,
    mlflow_errors,
)
from trackfix.tracking.setup import is_store_of_process, require_configured

if TYPE_CHECKING:
    from mlflow.entities import Experiment
    from mlflow.tracking import MlflowClient


def get_or_create_experiment(
    name: str, *, tracking_uri: str | None = None, require_setup: bool = True
) -> str:
    """The id of the experiment with this name, which is created when there is none.

    Safe when many processes do it at once: who comes second reads what the first one made. Only a
    file store, which MLflow 3.13 and newer refuse, lets two of them make one each. Doesn't make the
    experiment the active one, ``setup_mlflow`` does.

    Args:
        name: name of the experiment; case matters.
        tracking_uri: the store to look into and to create it in; that of the process without it.
        require_setup: whether to refuse when nothing has said which store is meant.

    Raises:
        NotConfiguredError: no store is configured, see ``require_configured``.
        ExperimentDeletedError: it was deleted; the message says how to restore it.
        ConfigError: MLflow takes neither such a name nor such a tracking URI.
        ServerUnavailableError: the server can't be reached.

    >>> from trackfix.tracking import get_or_create_experiment
    >>> get_or_create_experiment("churn") == get_or_create_experiment("churn")
    True
    """
    if require_setup:
        tracking_uri = require_configured(tracking_uri)
    with mlflow_errors(f"getting or creating experiment {name!r}", invalid=ConfigError):
        client = create_mlflow_client(tracking_uri)
        experiment = client.get_experiment_by_name(name)
        if experiment is None:
            try:
                return client.create_experiment(name)
            except Exception as error:
                if error_code(error) != "RESOURCE_ALREADY_EXISTS":
                    raise
                experiment = client.get_experiment_by_name(name)
                if experiment is None:
                    raise TrackingError(
                        f"experiment {name!r} exists but isn't shown: it may be deleted, or hidden "
                        f"from this user"
                    ) from error
        return _id_if_not_deleted(experiment)


def resolve_experiment_id(
    *,
    experiment_id: str | None = None,
    experiment_name: str | None = None,
    parent_run_id: str | None = None,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
) -> str:
    """The id of the experiment that a new run belongs to, or an error; nothing is ever created.

    The first of these that is given, and isn't empty, decides: the id itself, the experiment of the
    parent run, the name, the experiment that is active in this process (``MLFLOW_EXPERIMENT_ID``,
    which ``setup_mlflow`` and ``mlflow.set_experiment`` set, or ``MLFLOW_EXPERIMENT_NAME``). The
    active one is of no use with another store than the process's, where its id would mean another.

    Args:
        client: the client to ask; without it, a new one for ``tracking_uri``.
        tracking_uri: the store to look into; that of the process without it.

    Raises:
        NotConfiguredError: no store is configured, see ``require_configured``.
        RunNotFoundError: there is no run ``parent_run_id``.
        ExperimentNotFoundError: there is none of that name, or nothing was given to find one by.
        ExperimentDeletedError: it was deleted; the message says how to restore it.
        ServerUnavailableError: the server can't be reached.

    >>> from trackfix.tracking import get_or_create_experiment, resolve_experiment_id
    >>> churn = get_or_create_experiment("churn")
    >>> resolve_experiment_id(experiment_name="churn") == churn
    True
    """
    if experiment_id:
        return experiment_id
    if client is None:
        client = create_mlflow_client(require_configured(tracking_uri))
    if parent_run_id:
        doing = f"reading parent run {parent_run_id}"
        with mlflow_errors(doing, missing=RunNotFoundError, invalid=RunNotFoundError):
            return str(client.get_run(parent_run_id).info.experiment_id)
    if experiment_name:
        return _id_of_name(client, experiment_name)
    if is_store_of_process(client.tracking_uri):
        if active := os.environ.get("MLFLOW_EXPERIMENT_ID"):
            return active
        if active_name := os.environ.get("MLFLOW_EXPERIMENT_NAME"):
            return _id_of_name(client, active_name)
    raise ExperimentNotFoundError(
        "nothing says which experiment the run belongs to: call setup_mlflow(experiment_name), "
        "or give experiment_id, experiment_name or parent_run_id"
    )


def _id_of_name(client: MlflowClient, name: str) -> str:
    with mlflow_errors(f"reading experiment {name!r}", invalid=ConfigError):
        experiment = client.get_experiment_by_name(name)
    if experiment is None:
        raise ExperimentNotFoundError(
            f"there is no experiment named {name!r}: create it with get_or_create_experiment()"
        )
    return _id_if_not_deleted(experiment)


def _id_if_not_deleted(experiment: Experiment) -> str:
    if experiment.lifecycle_stage == "deleted":
        raise ExperimentDeletedError(
            f"experiment {experiment.name!r} is deleted; restore it with "
            f"`mlflow experiments restore --experiment-id {experiment.experiment_id}`, "
            f"or take another name"
        )
    return str(experiment.experiment_id)
