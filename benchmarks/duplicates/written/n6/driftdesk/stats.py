"""Measures of drift."""

from __future__ import annotations

import numpy as np
import pandas as pd


def psi(expected: np.ndarray, actual: np.ndarray, bins: int = 10) -> float:
    """Population stability index."""
    edges = np.quantile(expected, np.linspace(0, 1, bins + 1))
    edges[0], edges[-1] = -np.inf, np.inf
    a = np.histogram(expected, np.unique(edges))[0] / max(len(expected), 1) + 1e-6
    b = np.histogram(actual, np.unique(edges))[0] / max(len(actual), 1) + 1e-6
    return float(np.sum((b - a) * np.log(b / a)))


def ks(expected: np.ndarray, actual: np.ndarray) -> float:
    """Largest distance of the two distribution functions."""
    both = np.sort(np.concatenate([expected, actual]))
    left = np.searchsorted(np.sort(expected), both, side="right") / len(expected)
    right = np.searchsorted(np.sort(actual), both, side="right") / len(actual)
    return float(np.abs(left - right).max())


def missing(frame: pd.DataFrame) -> dict[str, float]:
    return {f"missing.{column}": float(share) for column, share in frame.isna().mean().items()}


def drift(reference: pd.DataFrame, current: pd.DataFrame) -> dict[str, float]:
    """PSI and KS of all numeric columns, and the largest PSI."""
    values: dict[str, float] = {}
    for column in reference.select_dtypes("number"):
        if column not in current:
            continue
        left = reference[column].dropna().to_numpy()
        right = current[column].dropna().to_numpy()
        if len(left) and len(right):
            values[f"psi.{column}"] = psi(left, right)
            values[f"ks.{column}"] = ks(left, right)
    values["psi.max"] = max((v for k, v in values.items() if k.startswith("psi.")), default=0.0)
    return values
