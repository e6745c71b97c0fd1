"""Runs of forecasts in MLflow."""

from tidecast.tracking.manager import ExperimentManager
from tidecast.tracking.runs import fold_run, latest_backtest, series_tags

__all__ = ["ExperimentManager", "fold_run", "latest_backtest", "series_tags"]
