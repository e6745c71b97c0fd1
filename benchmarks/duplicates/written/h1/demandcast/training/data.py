"""Reading the series."""
from __future__ import annotations

from pathlib import Path

import pandas as pd

from .features import calendar, lags


def read_region(region: str, root: str = "data") -> pd.DataFrame:
    frame = pd.read_parquet(Path(root) / f"{region}.parquet")
    frame.index = pd.to_datetime(frame.index)
    return lags(calendar(frame.sort_index()))


def folds(frame: pd.DataFrame, count: int, days: int):
    """Pairs of train and validation rows, the newest last."""
    step = pd.Timedelta(days=days)
    end = frame.index.max()
    for number in range(count):
        last = end - step * (count - 1 - number)
        first = last - step
        yield number, frame[frame.index <= first], frame[(frame.index > first) & (frame.index <= last)]
