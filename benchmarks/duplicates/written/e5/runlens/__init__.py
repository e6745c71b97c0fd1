"""Answers to questions on MLflow runs."""

__version__ = "0.6.0"
