"""The tracking library on MLflow: the places that the tool moves people to."""

from trackfix.tracking.client import create_mlflow_client

__all__ = ["create_mlflow_client"]
