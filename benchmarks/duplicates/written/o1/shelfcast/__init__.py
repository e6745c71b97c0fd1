"""Demand forecasting for the stores, by region."""

__version__ = "2.7.3"
