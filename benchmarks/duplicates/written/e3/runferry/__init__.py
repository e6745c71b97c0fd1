"""Copy runs between tracking servers."""

__version__ = "2.1.0"
