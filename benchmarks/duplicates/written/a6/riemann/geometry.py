import numpy as np
from scipy.linalg import eigh


def _apply(m, f):
    w, v = eigh(m)
    return (v * f(w)) @ v.T


def sqrtm(m):
    return _apply(m, np.sqrt)


def invsqrtm(m):
    return _apply(m, lambda w: 1 / np.sqrt(w))


def logm(m):
    return _apply(m, np.log)


def expm(m):
    return _apply(m, np.exp)


def mean(covs, iterations=20, tol=1e-8):
    c = np.mean(covs, axis=0)
    for _ in range(iterations):
        s, i = sqrtm(c), invsqrtm(c)
        t = np.mean([logm(i @ x @ i) for x in covs], axis=0)
        c = s @ expm(t) @ s
        if np.linalg.norm(t) < tol:
            break
    return c


def tangent(covs, reference):
    i = invsqrtm(reference)
    idx = np.triu_indices(reference.shape[0])
    scale = np.where(idx[0] == idx[1], 1.0, np.sqrt(2))
    return np.stack([scale * logm(i @ x @ i)[idx] for x in covs])
