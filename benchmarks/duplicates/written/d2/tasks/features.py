from __future__ import annotations

import numpy as np
import pandas as pd

LAGS = (48, 72, 96, 168, 336)


def calendar(index: pd.DatetimeIndex) -> pd.DataFrame:
    out = pd.DataFrame(index=index)
    hour = index.hour + index.minute / 60
    out["hour_sin"] = np.sin(2 * np.pi * hour / 24)
    out["hour_cos"] = np.cos(2 * np.pi * hour / 24)
    day = index.dayofyear
    out["year_sin"] = np.sin(2 * np.pi * day / 365.25)
    out["year_cos"] = np.cos(2 * np.pi * day / 365.25)
    out["weekend"] = (index.dayofweek >= 5).astype(int)
    return out


def weather(df: pd.DataFrame) -> pd.DataFrame:
    out = df[["temperature", "wind", "irradiance"]].copy()
    out["heating"] = (15 - df["temperature"]).clip(lower=0)
    out["cooling"] = (df["temperature"] - 22).clip(lower=0)
    out["temperature_24h"] = df["temperature"].rolling(24, min_periods=6).mean()
    return out


def lags(load: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({f"lag_{h}": load.shift(h) for h in LAGS})


def matrix(df: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    x = pd.concat([calendar(df.index), weather(df), lags(df["mw"])], axis=1)
    ok = x.notna().all(axis=1)
    return x[ok], df["mw"][ok]
