import numpy as np


def smape(y, p):
    y, p = np.asarray(y), np.asarray(p)
    d = (np.abs(y) + np.abs(p)) / 2
    return float(np.mean(np.where(d == 0, 0, np.abs(y - p) / np.where(d == 0, 1, d))) * 100)


def mase(y, p, train, season=1):
    scale = np.mean(np.abs(np.asarray(train)[season:] - np.asarray(train)[:-season]))
    return float(np.mean(np.abs(np.asarray(y) - np.asarray(p))) / max(scale, 1e-9))


def windows(y, horizon, n):
    for i in range(n, 0, -1):
        cut = len(y) - i * horizon
        yield y.iloc[:cut], y.iloc[cut:cut + horizon]
