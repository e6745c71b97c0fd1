"""The models."""
from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge


def make(kind: str, params: dict[str, Any]):
    if kind == "gbm":
        return HistGradientBoostingRegressor(**params)
    if kind == "ridge":
        return Ridge(**params)
    raise ValueError(f"no such model: {kind}")


def mape(truth, guess) -> float:
    truth = np.asarray(truth, dtype=float)
    return float(np.mean(np.abs((truth - np.asarray(guess)) / np.maximum(truth, 1.0))))
