"""Errors of forecasts."""

import numpy as np


def mae(actual, forecast):
    return float(np.mean(np.abs(np.asarray(actual) - np.asarray(forecast))))


def rmse(actual, forecast):
    return float(np.sqrt(np.mean((np.asarray(actual) - np.asarray(forecast)) ** 2)))


def smape(actual, forecast):
    actual, forecast = np.asarray(actual, float), np.asarray(forecast, float)
    scale = np.abs(actual) + np.abs(forecast)
    scale[scale == 0] = 1.0
    return float(200 * np.mean(np.abs(actual - forecast) / scale))


def mase(actual, forecast, history, season=1):
    history = np.asarray(history, float)
    naive = np.mean(np.abs(history[season:] - history[:-season]))
    return mae(actual, forecast) / naive if naive else float("inf")


ALL = {"mae": mae, "rmse": rmse, "smape": smape}


def evaluate(actual, forecast):
    """Return all errors that need no history."""
    return {name: function(actual, forecast) for name, function in ALL.items()}
