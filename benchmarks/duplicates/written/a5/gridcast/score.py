from __future__ import annotations

import numpy as np


def mase(actual, forecast, train, season: int) -> float:
    actual, forecast, train = map(np.asarray, (actual, forecast, train))
    scale = np.mean(np.abs(train[season:] - train[:-season]))
    return float(np.mean(np.abs(actual - forecast)) / scale)


def pinball(actual, forecast, q: float) -> float:
    error = np.asarray(actual) - np.asarray(forecast)
    return float(np.mean(np.maximum(q * error, (q - 1) * error)))


def coverage(actual, low, high) -> float:
    actual = np.asarray(actual)
    return float(np.mean((actual >= low) & (actual <= high)))


def bias(actual, forecast) -> float:
    return float(np.mean(np.asarray(forecast) - np.asarray(actual)))
