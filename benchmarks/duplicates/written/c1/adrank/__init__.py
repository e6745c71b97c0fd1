"""Ranking models for sponsored listings."""

__version__ = "4.11.0"
