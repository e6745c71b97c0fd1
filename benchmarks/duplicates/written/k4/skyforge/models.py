"""Model versions of a workspace."""

from __future__ import annotations

import time
from typing import Any

import mlflow
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from skyforge.client import SkyforgeClient
from skyforge.errors import NotFound


def wait_ready(client: SkyforgeClient, name: str, version: str, timeout: float = 120.0) -> ModelVersion:
    """Wait until the registry has taken the version in."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        mv = client.get_model_version(name, version)
        if mv.status == "READY":
            return mv
        time.sleep(1.0)
    raise TimeoutError(f"{name} {version} is not ready")


def register(client: SkyforgeClient, run_id: str, name: str, path: str = "model", alias: str | None = None) -> ModelVersion:
    """Register a run's model and give it an alias."""
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    created = client.create_model_version(name, f"runs:/{run_id}/{path}", run_id)
    ready = wait_ready(client, name, created.version)
    if alias:
        client.set_registered_model_alias(name, alias, ready.version)
    return ready


def latest_version(client: SkyforgeClient, name: str) -> ModelVersion:
    """The version with the highest number."""
    versions = client.search_model_versions(f"name = '{name}'")
    if not versions:
        raise NotFound("model", name)
    return max(versions, key=lambda v: int(v.version))


def run_of_alias(client: SkyforgeClient, name: str, alias: str = "champion") -> Run:
    """The run that made the version with the alias."""
    try:
        version = client.get_model_version_by_alias(name, alias)
    except MlflowException as error:
        raise NotFound("alias", f"{name}@{alias}") from error
    return client.get_run(version.run_id)


def promote(client: SkyforgeClient, name: str, metric: str, alias: str = "champion") -> bool:
    """Give the alias to the latest version if it is better."""
    latest = latest_version(client, name)
    challenger = client.get_run(latest.run_id).data.metrics[metric]
    try:
        champion = run_of_alias(client, name, alias).data.metrics.get(metric, float("-inf"))
    except NotFound:
        champion = float("-inf")
    if challenger <= champion:
        return False
    client.set_registered_model_alias(name, alias, latest.version)
    return True


def load(name: str, alias: str = "champion") -> Any:
    """Load a model by its alias."""
    return mlflow.pyfunc.load_model(f"models:/{name}@{alias}")
