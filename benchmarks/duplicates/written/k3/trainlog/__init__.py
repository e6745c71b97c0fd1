"""MLflow loggers for training frameworks."""

__version__ = "0.6.1"
