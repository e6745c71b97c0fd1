"""Seasonal forecasts."""

from seasonly.models import Forecaster, SeasonalNaive, SmoothLevel

__version__ = "0.9.2"
__all__ = ["Forecaster", "SeasonalNaive", "SmoothLevel", "__version__"]
