"""Forecasting models; all have fit(y) and predict(h)."""
import numpy as np
import pandas as pd


class SeasonalNaive:
    def __init__(self, period=52):
        self.period = period

    def fit(self, y):
        self.y = np.asarray(y, dtype=float)
        return self

    def predict(self, h):
        if len(self.y) < self.period:
            return np.repeat(self.y.mean() if len(self.y) else 0.0, h)
        tail = self.y[-self.period:]
        return np.array([tail[i % self.period] for i in range(h)])


class Holt:
    def __init__(self, alpha=0.3, beta=0.05):
        self.alpha, self.beta = alpha, beta

    def fit(self, y):
        y = np.asarray(y, dtype=float)
        level, trend = y[0], 0.0
        for v in y[1:]:
            last = level
            level = self.alpha * v + (1 - self.alpha) * (level + trend)
            trend = self.beta * (level - last) + (1 - self.beta) * trend
        self.level, self.trend = level, trend
        return self

    def predict(self, h):
        return self.level + self.trend * np.arange(1, h + 1)


MODELS = {"snaive": SeasonalNaive, "holt": Holt}


def wape(actual, pred):
    actual, pred = np.asarray(actual, float), np.asarray(pred, float)
    total = np.abs(actual).sum()
    return float(np.abs(actual - pred).sum() / total) if total else np.nan


def reconcile_top_down(total: pd.Series, stores: pd.DataFrame) -> pd.DataFrame:
    share = stores.div(stores.sum(axis=1).replace(0, np.nan), axis=0).fillna(1 / max(stores.shape[1], 1))
    return share.mul(total, axis=0)
