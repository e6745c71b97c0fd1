"""Pointing mlflow at the right store."""

import logging
import os
from pathlib import Path
from typing import Optional

import mlflow
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)


def configure_tracking(root: Path, use_azure: bool = False) -> str:
    """Set the tracking URI and give it back."""
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    if not uri and use_azure:
        uri = _workspace_uri()
    if not uri:
        store = root / "mlruns"
        store.mkdir(parents=True, exist_ok=True)
        uri = store.resolve().as_uri()
    mlflow.set_tracking_uri(uri)
    logger.info("Tracking to %s", uri.split("?")[0])
    return uri


def _workspace_uri() -> Optional[str]:
    try:
        from azure.ai.ml import MLClient
        from azure.identity import DefaultAzureCredential
    except ImportError:
        logger.warning("azure-ai-ml is not installed, falling back to local tracking")
        return None
    client = MLClient.from_config(DefaultAzureCredential())
    return client.workspaces.get(client.workspace_name).mlflow_tracking_uri


def ensure_experiment(name: str, client: Optional[MlflowClient] = None) -> str:
    """The id of the experiment; it is created when it is missing."""
    client = client or MlflowClient()
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        return experiment.experiment_id
    logger.info("Creating experiment %s", name)
    return client.create_experiment(name)
