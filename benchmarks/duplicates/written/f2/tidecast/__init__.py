"""Forecast many series."""

from tidecast.models import Drift, Naive, SeasonalNaive, Smoothing, make_model

__version__ = "2.4.0"
__all__ = ["Drift", "Naive", "SeasonalNaive", "Smoothing", "make_model"]
