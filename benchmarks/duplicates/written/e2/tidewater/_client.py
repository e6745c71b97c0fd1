"""One client for each process."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tidewater.settings import get_settings

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient


@lru_cache(maxsize=1)
def client() -> "MlflowClient":
    """The MLflow client of the settings."""
    from mlflow.tracking import MlflowClient

    settings = get_settings()
    return MlflowClient(settings.tracking_uri, settings.registry_uri)
