"""Representation learning on molecular graphs."""

__version__ = "0.4.0.dev0"
