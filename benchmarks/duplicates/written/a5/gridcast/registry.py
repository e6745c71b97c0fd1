from __future__ import annotations

import mlflow
from mlflow.exceptions import MlflowException

from gridcast import runs


def ensure_model(name: str) -> str:
    api = runs.client()
    try:
        return api.get_registered_model(name).name
    except MlflowException:
        return api.create_registered_model(name, tags={"team": "grid"}).name


def newest_version(name: str):
    versions = runs.client().search_model_versions(f"name = '{name}'")
    return max(versions, key=lambda v: int(v.version), default=None)


def publish(series: str) -> str:
    name = ensure_model(f"load-{series}")
    run = runs.most_accurate(series)
    version = mlflow.register_model(f"runs:/{run.info.run_id}/model", name)
    runs.client().set_registered_model_alias(name, "live", version.version)
    return version.version
