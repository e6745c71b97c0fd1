"""Runs from the shell."""

__version__ = "3.1.0"
