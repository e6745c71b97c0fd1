"""Points from a logistic model, as the branches want them."""
import numpy as np
import pandas as pd


def points(woe, model, pdo=20, base=600, odds=50):
    factor = pdo / np.log(2)
    offset = base - factor * np.log(odds)
    names = list(woe.maps)
    n = len(names)
    rows = []
    for c, b in zip(names, model.coef_[0]):
        edges, m = woe.maps[c]
        for i, w in sorted(m.items()):
            low = edges[i - 1] if i > 0 else -np.inf
            high = edges[i] if i < len(edges) else np.inf
            p = -(w * b + model.intercept_[0] / n) * factor + offset / n
            rows.append({"column": c, "from": low, "to": high, "points": round(float(p))})
    return pd.DataFrame(rows)


def grade(score, cuts=(480, 520, 560, 600, 640)):
    return "FEDCBA"[int(np.searchsorted(cuts, score, side="right"))]
