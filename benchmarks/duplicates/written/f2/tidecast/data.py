"""Series and how they are cut."""

import hashlib
from dataclasses import dataclass
from typing import Iterator, Tuple

import numpy as np
import pandas as pd


@dataclass
class Series:
    """A named series with a time index."""

    name: str
    values: pd.Series

    @property
    def freq(self) -> str:
        return self.values.index.freqstr or pd.infer_freq(self.values.index) or "unknown"

    def fingerprint(self) -> str:
        raw = np.ascontiguousarray(self.values.to_numpy(dtype=float)).tobytes()
        return hashlib.sha1(raw).hexdigest()[:12]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Fold:
    """One cut of a series into past and future."""

    index: int
    cutoff: pd.Timestamp
    train: pd.Series
    test: pd.Series


def rolling_folds(series: Series, horizon: int, n_folds: int, step: int = 0) -> Iterator[Fold]:
    """Cut a series n_folds times, each time a step later."""
    step = step or horizon
    first = len(series) - horizon - step * (n_folds - 1)
    if first <= 0:
        raise ValueError("the series is too short for that many folds")
    for index in range(n_folds):
        end = first + index * step
        train = series.values.iloc[:end]
        yield Fold(index, train.index[-1], train, series.values.iloc[end:end + horizon])


def date_range(start: str, end: str, freq: str) -> Tuple[pd.Timestamp, ...]:
    return tuple(pd.date_range(start, end, freq=freq))
