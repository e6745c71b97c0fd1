"""Tracking for training loops."""

__version__ = "0.14.3"
