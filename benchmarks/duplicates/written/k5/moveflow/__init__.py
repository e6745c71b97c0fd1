"""Move MLflow data between servers."""

__version__ = "0.4.2"
