"""Experiments of the search team."""

from __future__ import annotations

from mlflow.entities import Experiment, LifecycleStage
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode
from mlflow.tracking import MlflowClient


def experiment_id(component: str) -> str:
    client = MlflowClient()
    name = f"search/{component}"
    existing = client.get_experiment_by_name(name)
    if existing is not None:
        return existing.experiment_id
    try:
        return client.create_experiment(name)
    except MlflowException as err:
        if err.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
            raise
        return client.get_experiment_by_name(name).experiment_id


def revive(component: str) -> Experiment:
    client = MlflowClient()
    found = client.get_experiment_by_name(f"search/{component}")
    if found is None:
        raise KeyError(component)
    if found.lifecycle_stage == LifecycleStage.DELETED:
        client.restore_experiment(found.experiment_id)
        found = client.get_experiment(found.experiment_id)
    return found


def components() -> list[str]:
    found = MlflowClient().search_experiments(filter_string="name LIKE 'search/%'")
    return sorted(e.name.split("/", 1)[1] for e in found)
