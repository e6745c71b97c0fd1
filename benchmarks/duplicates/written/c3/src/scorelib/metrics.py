"""Discrimination and stability of scores."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score


def gini(y_true: np.ndarray, score: np.ndarray) -> float:
    return 2.0 * float(roc_auc_score(y_true, score)) - 1.0


def ks(y_true: np.ndarray, score: np.ndarray) -> float:
    order = np.argsort(score)
    y = np.asarray(y_true)[order]
    bad = np.cumsum(y) / max(y.sum(), 1)
    good = np.cumsum(1 - y) / max((1 - y).sum(), 1)
    return float(np.abs(bad - good).max())


def psi(expected: np.ndarray, actual: np.ndarray, buckets: int = 10) -> float:
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, buckets + 1)))
    e = np.histogram(expected, edges)[0] / len(expected) + 1e-6
    a = np.histogram(actual, edges)[0] / len(actual) + 1e-6
    return float(((a - e) * np.log(a / e)).sum())


def hosmer_lemeshow(y: np.ndarray, p: np.ndarray, groups: int = 10) -> float:
    order = np.argsort(p)
    statistic = 0.0
    for chunk in np.array_split(order, groups):
        observed, expected, n = y[chunk].sum(), p[chunk].sum(), len(chunk)
        statistic += (observed - expected) ** 2 / max(expected * (1 - expected / n), 1e-9)
    return float(statistic)
