"""Model cards and audits for MLflow."""

__version__ = "1.7.1"
