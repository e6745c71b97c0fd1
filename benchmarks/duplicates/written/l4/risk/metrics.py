import numpy as np
from sklearn.metrics import roc_auc_score


def gini(y, p):
    return 2 * roc_auc_score(y, p) - 1


def ks(y, p):
    o = np.argsort(p)
    y = np.asarray(y)[o]
    bad = np.cumsum(y) / y.sum()
    good = np.cumsum(1 - y) / (1 - y).sum()
    return float(np.max(np.abs(good - bad)))


def psi(expected, actual, bins=10):
    q = np.quantile(expected, np.linspace(0, 1, bins + 1))
    q[0], q[-1] = -np.inf, np.inf
    e = np.histogram(expected, q)[0] / len(expected) + 1e-6
    a = np.histogram(actual, q)[0] / len(actual) + 1e-6
    return float(np.sum((a - e) * np.log(a / e)))
