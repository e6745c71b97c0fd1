"""Measures of drift."""

from __future__ import annotations

import numpy as np
import pandas as pd


def psi(expected: np.ndarray, actual: np.ndarray, bins: int = 10) -> float:
    """Population stability index of two samples."""
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, bins + 1)))
    if len(edges) < 3:
        return 0.0
    edges[0], edges[-1] = -np.inf, np.inf
    e = np.histogram(expected, edges)[0] / max(len(expected), 1)
    a = np.histogram(actual, edges)[0] / max(len(actual), 1)
    e, a = np.clip(e, 1e-6, None), np.clip(a, 1e-6, None)
    return float(np.sum((a - e) * np.log(a / e)))


def by_feature(old: pd.DataFrame, new: pd.DataFrame, features: list[str]) -> dict[str, float]:
    """The drift of each feature that both frames have."""
    shared = [c for c in features or list(old.columns) if c in old and c in new]
    return {c: psi(old[c].to_numpy(float), new[c].to_numpy(float)) for c in shared}


def worst(drifts: dict[str, float]) -> tuple[str, float]:
    """The feature that drifted most."""
    if not drifts:
        return "", 0.0
    name = max(drifts, key=drifts.__getitem__)
    return name, drifts[name]
