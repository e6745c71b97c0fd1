"""Differences between MLflow 1.x and 2.x."""

from __future__ import annotations

from typing import Any, List

import mlflow
from packaging.version import Version

MLFLOW_VERSION = Version(mlflow.__version__)
IS_V2 = MLFLOW_VERSION >= Version("2.0.0")

if IS_V2:
    from mlflow import MlflowClient
    from mlflow.entities import ViewType
else:
    from mlflow.entities import ViewType
    from mlflow.tracking import MlflowClient


def list_experiments(client: MlflowClient) -> List[Any]:
    if hasattr(client, "search_experiments"):
        return list(client.search_experiments(view_type=ViewType.ACTIVE_ONLY))
    return list(client.list_experiments(view_type=ViewType.ACTIVE_ONLY))


def search_one(client: MlflowClient, experiment_ids: List[str], flt: str) -> Any:
    """First hit of a search, newest first, in both versions."""
    hits = client.search_runs(experiment_ids, flt, order_by=["attribute.start_time DESC"], max_results=1)
    return hits[0] if len(hits) else None


def experiment_id_for(name: str, client: Any = None) -> str:
    """Experiment id by name; made if missing; brought back if it was deleted."""
    client = client or MlflowClient()
    exp = client.get_experiment_by_name(name)
    if exp is None:
        return client.create_experiment(name)
    if exp.lifecycle_stage == "deleted":
        client.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def start_with_name(client: Any, experiment_id: str, name: str, tags: dict) -> Any:
    """``run_name`` of ``create_run`` came only with 1.30."""
    if MLFLOW_VERSION >= Version("1.30.0"):
        return client.create_run(experiment_id, run_name=name, tags=tags)
    return client.create_run(experiment_id, tags={**tags, "mlflow.runName": name})
