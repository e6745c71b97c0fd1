"""The one place that constructs ``MlflowClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient


def create_mlflow_client(
    tracking_uri: str | None = None, registry_uri: str | None = None
) -> MlflowClient:
    """A new client of the tracking server and the model registry at these addresses, those of
    the process without them.

    The class is looked up when it is needed, so that a test may patch
    ``mlflow.tracking.MlflowClient``.

    Raises:
        mlflow.exceptions.MlflowException: mlflow can't use an address.
    """
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)
