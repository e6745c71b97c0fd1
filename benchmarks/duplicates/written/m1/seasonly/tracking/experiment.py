"""Experiments by name."""

from __future__ import annotations

from typing import Optional

from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient


def get_or_create_experiment(
    name: str, artifact_location: Optional[str] = None, client: Optional[MlflowClient] = None
) -> str:
    """Return the id of the experiment, making it when it is missing."""
    client = client or MlflowClient()
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        return experiment.experiment_id
    return client.create_experiment(name, artifact_location=artifact_location)


def revive_experiment(name: str) -> bool:
    """Bring a deleted experiment back; tell whether there was one."""
    client = MlflowClient()
    experiment = client.get_experiment_by_name(name)
    if experiment is None or experiment.lifecycle_stage != "deleted":
        return False
    client.restore_experiment(experiment.experiment_id)
    return True


def forecast_experiments(prefix: str = "forecast/") -> list:
    """Names of all experiments below a prefix."""
    client = MlflowClient()
    names, token = [], None
    while True:
        page = client.search_experiments(
            view_type=ViewType.ACTIVE_ONLY, filter_string=f"name LIKE '{prefix}%'", page_token=token
        )
        names.extend(e.name for e in page)
        token = page.token
        if not token:
            return names
