"""The one place that constructs ``MlflowClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackfix.tracking.forks import renew_connections_after_fork
from trackfix.tracking.sqlite_layout import sqlite_layout_lock

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient


def create_mlflow_client(
    tracking_uri: str | None = None, registry_uri: str | None = None
) -> MlflowClient:
    """A new client of the tracking server and the model registry at these addresses, those of
    the process without them.

    The class is looked up when it is needed, so that a test may patch
    ``mlflow.tracking.MlflowClient``. Many processes may be the first to open an SQLite database.

    Raises:
        mlflow.exceptions.MlflowException: mlflow can't use an address.
        ConfigError: the folder for an SQLite database can't be created.
        TimeoutError: another process has been laying out the database for two minutes.

    >>> from trackfix.tracking import create_mlflow_client
    >>> create_mlflow_client("sqlite:///other.db").get_experiment("0").name
    'Default'
    """
    from mlflow.tracking import MlflowClient, get_tracking_uri

    renew_connections_after_fork()
    with sqlite_layout_lock(tracking_uri or get_tracking_uri()):
        return MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)
