"""Differences between MLflow versions."""
from functools import lru_cache

import mlflow
from packaging.version import Version


@lru_cache(maxsize=None)
def mlflow_version() -> Version:
    return Version(mlflow.__version__)


def supports_aliases() -> bool:
    return mlflow_version() >= Version("2.3")


def supports_backticks() -> bool:
    return mlflow_version() >= Version("1.12")


def quote_key(key: str) -> str:
    """`a.b` needs backticks in filters."""
    if key.isidentifier() or not supports_backticks():
        return key
    return f"`{key}`"


def log_model_kwargs(name: str) -> dict:
    if mlflow_version() >= Version("3.0"):
        return {"name": name}
    return {"artifact_path": name}


def list_artifacts(client, run_id, path=None):
    items = client.list_artifacts(run_id, path)
    for item in items:
        if item.is_dir:
            yield from list_artifacts(client, run_id, item.path)
        else:
            yield item.path
