"""Model search, evaluation and judges."""

__version__ = "3.0.1"
