"""Toolkit for small vision and text models."""

__version__ = "0.4.0"
