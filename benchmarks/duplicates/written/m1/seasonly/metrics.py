"""Errors of a forecast."""

import numpy as np


def mae(actual, predicted) -> float:
    return float(np.mean(np.abs(np.asarray(actual) - np.asarray(predicted))))


def rmse(actual, predicted) -> float:
    return float(np.sqrt(np.mean((np.asarray(actual) - np.asarray(predicted)) ** 2)))


def mase(actual, predicted, history, season: int = 1) -> float:
    scale = np.mean(np.abs(np.asarray(history)[season:] - np.asarray(history)[:-season]))
    return mae(actual, predicted) / scale if scale else float("nan")


def evaluate(actual, predicted, history) -> dict:
    return {
        "mae": mae(actual, predicted),
        "rmse": rmse(actual, predicted),
        "mase": mase(actual, predicted, history),
    }
