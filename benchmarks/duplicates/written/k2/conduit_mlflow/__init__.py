"""MLflow plug-in for conduit pipelines."""

__version__ = "1.4.0"
