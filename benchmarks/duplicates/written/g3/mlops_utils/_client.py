"""One client for the whole process."""

from __future__ import annotations

import functools
import os

from mlflow.tracking import MlflowClient


@functools.lru_cache(maxsize=None)
def client(uri: str | None = None) -> MlflowClient:
    """Give the client for URI, or for the environment's."""
    return MlflowClient(tracking_uri=uri or os.environ.get("MLFLOW_TRACKING_URI"))


def reset() -> None:
    client.cache_clear()
