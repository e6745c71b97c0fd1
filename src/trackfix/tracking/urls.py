"""The page of a run in the browser."""

from __future__ import annotations

import configparser
import os
from pathlib import Path
from urllib.parse import quote, urlsplit

from trackfix.tracking import azureml
from trackfix.tracking.setup import require_configured


def get_mlflow_run_url(
    run_id: str, experiment_id: str, tracking_uri: str | None = None
) -> str | None:
    """A URL that opens the run in the browser; None for a store without a page.

    Known are MLflow servers (``http``, ``https``, also below a path), Databricks and Azure ML.
    Nothing is requested. The result has no user name and no password of the tracking URI.

    Args:
        tracking_uri: the store that the run is in; that of the process without it. The host of
            Databricks is looked up in ``DATABRICKS_HOST``, or in ``~/.databrickscfg`` for
            ``databricks://<profile>``, or asked of the notebook; None if it is in none of them.

    Raises:
        NotConfiguredError: no store is configured, see ``require_configured``.

    >>> from trackfix.tracking import get_mlflow_run_url
    >>> get_mlflow_run_url("1a2b", "7", "https://me:secret@example.org/mlflow/")
    'https://example.org/mlflow/#/experiments/7/runs/1a2b'
    >>> get_mlflow_run_url("1a2b", "7", "sqlite:///mlflow.db") is None
    True
    """
    uri = require_configured(tracking_uri)
    parts = urlsplit(uri)
    page = f"experiments/{quote(experiment_id, safe='')}/runs/{quote(run_id, safe='')}"
    if parts.scheme in ("http", "https"):
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path.rstrip('/')}/#/{page}"
    if uri == "databricks" or parts.scheme == "databricks":
        databricks = _databricks_host(parts.netloc)
        return databricks and f"{databricks}/ml/{page}"
    return azureml.run_url(uri, run_id)


def _databricks_host(profile: str) -> str | None:
    host = None if profile else os.environ.get("DATABRICKS_HOST")
    if not host:
        # https://docs.databricks.com/aws/en/dev-tools/auth/config-profiles
        file = Path(os.environ.get("DATABRICKS_CONFIG_FILE") or "~/.databrickscfg").expanduser()
        profiles = configparser.ConfigParser(interpolation=None)
        profiles.read(file, encoding="utf-8")
        name = profile or os.environ.get("DATABRICKS_CONFIG_PROFILE") or "DEFAULT"
        host = profiles[name].get("host") if name in profiles else None
    if not host and not profile and "DATABRICKS_RUNTIME_VERSION" in os.environ:
        from mlflow.utils.databricks_utils import get_workspace_url

        host = get_workspace_url()
    if not host:
        return None
    return (host if "://" in host else f"https://{host}").rstrip("/")
