"""Serve and watch MLflow models."""

__version__ = "1.1.3"
