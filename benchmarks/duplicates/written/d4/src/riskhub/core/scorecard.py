"""Weight-of-evidence scorecard."""
from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score


class Woe:
    def __init__(self, bins: int = 8, smooth: float = 0.5):
        self.bins = bins
        self.smooth = smooth
        self.edges: dict[str, np.ndarray] = {}
        self.values: dict[str, np.ndarray] = {}

    def fit(self, x: pd.DataFrame, y: pd.Series) -> Woe:
        bad, good = y.sum(), (1 - y).sum()
        for col in x:
            qs = np.unique(np.nanquantile(x[col], np.linspace(0, 1, self.bins + 1)[1:-1]))
            bucket = np.digitize(x[col], qs)
            woe = np.zeros(len(qs) + 1)
            for b in range(len(woe)):
                hit = bucket == b
                p = (y[hit].sum() + self.smooth) / bad
                q = ((1 - y[hit]).sum() + self.smooth) / good
                woe[b] = np.log(q / p)
            self.edges[col], self.values[col] = qs, woe
        return self

    def transform(self, x: pd.DataFrame) -> pd.DataFrame:
        out = {c: self.values[c][np.digitize(x[c], self.edges[c])] for c in self.edges}
        return pd.DataFrame(out, index=x.index)


class Scorecard:
    def __init__(self, pdo: float = 20.0, base: float = 600.0):
        self.woe = Woe()
        self.lr = LogisticRegression(C=1.0)
        self.factor = pdo / np.log(2)
        self.base = base

    def fit(self, x: pd.DataFrame, y: pd.Series) -> Scorecard:
        self.lr.fit(self.woe.fit(x, y).transform(x), y)
        return self

    def score(self, x: pd.DataFrame) -> np.ndarray:
        odds = self.lr.decision_function(self.woe.transform(x))
        return self.base - self.factor * odds

    def gini(self, x: pd.DataFrame, y: pd.Series) -> float:
        return 2 * roc_auc_score(y, -self.score(x)) - 1


def psi(expected: np.ndarray, actual: np.ndarray, bins: int = 10) -> float:
    edges = np.quantile(expected, np.linspace(0, 1, bins + 1)[1:-1])
    e = np.bincount(np.digitize(expected, edges), minlength=bins) / len(expected) + 1e-6
    a = np.bincount(np.digitize(actual, edges), minlength=bins) / len(actual) + 1e-6
    return float(np.sum((a - e) * np.log(a / e)))
