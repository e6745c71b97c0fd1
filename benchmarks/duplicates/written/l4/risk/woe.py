import numpy as np
import pandas as pd


class Woe:
    """Weight of evidence for each column, in quantile bins."""

    def __init__(self, bins=6):
        self.bins = bins
        self.maps = {}

    def fit(self, X, y):
        for c in X:
            edges = np.unique(np.quantile(X[c].dropna(), np.linspace(0, 1, self.bins + 1)[1:-1]))
            b = np.digitize(X[c].fillna(edges[0] if len(edges) else 0), edges)
            t = pd.crosstab(b, y) + 0.5
            t = t / t.sum()
            self.maps[c] = (edges, np.log(t[0] / t[1]).to_dict())
        return self

    def transform(self, X):
        out = {}
        for c, (edges, m) in self.maps.items():
            b = np.digitize(X[c].fillna(edges[0] if len(edges) else 0), edges)
            out[c] = [m.get(i, 0.0) for i in b]
        return pd.DataFrame(out, index=X.index)

    def information_value(self, X, y):
        w = self.transform(X)
        return {c: float(w.loc[y == 0, c].mean() - w.loc[y == 1, c].mean()) for c in w}
