"""Watch the drift of models."""

__version__ = "3.1.0"
