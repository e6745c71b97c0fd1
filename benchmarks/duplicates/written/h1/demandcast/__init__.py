"""Forecasts of the demand for power."""

__version__ = "3.4.1"
