"""Import MLflow only when a study is kept in it."""

import importlib
from types import ModuleType
from typing import Any, Optional

_mlflow: Optional[ModuleType] = None


def mlflow() -> ModuleType:
    """Return the mlflow module, or tell how to get it."""
    global _mlflow
    if _mlflow is None:
        try:
            _mlflow = importlib.import_module("mlflow")
        except ImportError as exc:
            raise ImportError("studykeep needs mlflow: pip install mlflow") from exc
    return _mlflow


def client(tracking_uri: Optional[str] = None) -> Any:
    """Return a client for the tracking server."""
    return mlflow().tracking.MlflowClient(tracking_uri=tracking_uri)
