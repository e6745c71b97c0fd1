"""Get, create and describe experiments."""

from __future__ import annotations

import logging

from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException, RestException

from mlops_utils._client import client
from mlops_utils.errors import ExperimentNotFound

logger = logging.getLogger(__name__)


def get_or_create_experiment(
    name: str, artifact_location: str | None = None, tags: dict[str, str] | None = None
) -> str:
    """Give the id of the experiment NAME; create it when it is missing.

    Two jobs may start at the same time, so a failed creation is followed by a second look.
    """
    experiment = client().get_experiment_by_name(name)
    if experiment is not None:
        return experiment.experiment_id
    try:
        return client().create_experiment(name, artifact_location, tags)
    except RestException as err:
        if err.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return client().get_experiment_by_name(name).experiment_id


def experiment_id_of(name: str) -> str:
    """Give the id of an experiment that has to exist."""
    found = client().get_experiment_by_name(name)
    if found is None:
        raise ExperimentNotFound(name)
    return found.experiment_id


def copy_experiment_tags(source: str, target: str) -> None:
    """Copy the tags of one experiment to another."""
    tags = client().get_experiment(experiment_id_of(source)).tags
    for key, value in tags.items():
        client().set_experiment_tag(experiment_id_of(target), key, value)


def revive(name: str) -> bool:
    """Undelete the experiment NAME; True if there was anything to do."""
    for experiment in client().search_experiments(view_type=ViewType.DELETED_ONLY):
        if experiment.name == name:
            try:
                client().restore_experiment(experiment.experiment_id)
            except MlflowException:
                logger.exception("%s could not be restored", name)
                return False
            return True
    return False
