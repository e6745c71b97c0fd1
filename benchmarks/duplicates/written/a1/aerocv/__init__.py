"""Detection models for aerial imagery."""

__version__ = "0.9.2"
