"""Features of the hourly series."""
from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

LAGS = (24, 48, 168)


def calendar(frame: pd.DataFrame) -> pd.DataFrame:
    out = frame.copy()
    out["hour_sin"] = np.sin(2 * np.pi * out.index.hour / 24)
    out["hour_cos"] = np.cos(2 * np.pi * out.index.hour / 24)
    out["weekday"] = out.index.dayofweek
    out["month"] = out.index.month
    return out


def lags(frame: pd.DataFrame, column: str = "load") -> pd.DataFrame:
    out = frame.copy()
    for lag in LAGS:
        out[f"{column}_lag{lag}"] = out[column].shift(lag)
    return out.dropna()


def snapshot_of(frame: pd.DataFrame) -> str:
    """A short hash of the rows."""
    digest = hashlib.sha256(pd.util.hash_pandas_object(frame).values.tobytes())
    return digest.hexdigest()[:16]


def split_xy(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    return frame.drop(columns=["load"]), frame["load"]
