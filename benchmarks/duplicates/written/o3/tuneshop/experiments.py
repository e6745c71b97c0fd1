from __future__ import annotations

import asyncio

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Experiment

from tuneshop.config import get_settings


async def acquire(customer: str, kind: str, client: MlflowClient | None = None) -> Experiment:
    """The experiment of a customer, created with the team's tags on first use."""
    client = client or MlflowClient()
    settings = get_settings()
    name = settings.experiment_for(customer, kind)
    experiment = await asyncio.to_thread(client.get_experiment_by_name, name)
    if experiment is not None:
        return experiment
    experiment_id = await asyncio.to_thread(
        client.create_experiment, name, tags={"team": settings.team, "customer": customer}
    )
    return await asyncio.to_thread(client.get_experiment, experiment_id)


def require(customer: str, kind: str) -> Experiment:
    """For readers: never creates anything."""
    name = get_settings().experiment_for(customer, kind)
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None:
        raise KeyError(f"no experiment {name!r}")
    return experiment
