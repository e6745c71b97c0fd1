"""The connection to the tracking server."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow import MlflowClient

_local = threading.local()


class UnknownExperiment(LookupError):
    """There is no experiment with that name or id."""


def get_client() -> "MlflowClient":
    """The client of this thread."""
    if not hasattr(_local, "client"):
        from mlflow import MlflowClient

        _local.client = MlflowClient(os.environ.get("MLFLOW_TRACKING_URI"))
    return _local.client


def experiment_id_of(name_or_id: str) -> str:
    """The id of an experiment that is given by name or by id."""
    experiment = get_client().get_experiment_by_name(name_or_id)
    if experiment is None and name_or_id.isdigit():
        experiment = get_client().get_experiment(name_or_id)
    if experiment is None:
        raise UnknownExperiment(name_or_id)
    return experiment.experiment_id
