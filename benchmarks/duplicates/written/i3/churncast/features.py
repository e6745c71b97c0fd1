"""Tables of features."""

from typing import Tuple

import numpy as np
import pandas as pd

from churncast.settings import Target, data_file


def load(target: Target, day: str) -> Tuple[pd.DataFrame, pd.Series]:
    frame = pd.read_parquet(data_file(day))
    frame = frame.dropna(subset=[target.column])
    return clean(frame[target.features]), frame[target.column]


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers only, no infinities, medians for what is missing."""
    numbers = frame.apply(pd.to_numeric, errors="coerce").replace([np.inf, -np.inf], np.nan)
    return numbers.fillna(numbers.median())


def psi(expected: pd.Series, actual: pd.Series, bins: int = 10) -> float:
    """Population stability index of one column."""
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, bins + 1)))
    if len(edges) < 3:
        return 0.0
    edges[0], edges[-1] = -np.inf, np.inf
    a = np.histogram(expected, edges)[0] / max(len(expected), 1)
    b = np.histogram(actual, edges)[0] / max(len(actual), 1)
    a, b = np.clip(a, 1e-4, None), np.clip(b, 1e-4, None)
    return float(np.sum((b - a) * np.log(b / a)))
