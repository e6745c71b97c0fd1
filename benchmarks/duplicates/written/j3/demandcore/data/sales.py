"""Reads the sales of a region. Falls back to made-up sales in dev."""
import numpy as np
import pandas as pd

from demandcore.common.dates import is_holiday


def load_sales(region: str, days: int = 180, seed: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(seed + len(region))
    idx = pd.date_range(end=pd.Timestamp.utcnow().normalize().tz_localize(None), periods=days)
    rows = []
    for group, level in (("city", 120.0), ("mall", 80.0), ("outlet", 40.0)):
        week = 1 + 0.3 * np.sin(2 * np.pi * idx.dayofweek / 7)
        holiday = np.where([is_holiday(d.date()) for d in idx], 0.4, 1.0)
        units = rng.poisson(level * week * holiday)
        rows.append(pd.DataFrame({"date": idx, "store_group": group, "units": units}))
    return pd.concat(rows, ignore_index=True)


def add_features(df: pd.DataFrame, lags=(7, 14, 28)) -> pd.DataFrame:
    df = df.sort_values(["store_group", "date"]).copy()
    by = df.groupby("store_group")["units"]
    for lag in lags:
        df[f"lag_{lag}"] = by.shift(lag)
    df["roll_28"] = by.transform(lambda s: s.shift(7).rolling(28, min_periods=7).mean())
    df["dow"] = df["date"].dt.dayofweek
    df["month"] = df["date"].dt.month
    return df.dropna()


def wape(actual, forecast) -> float:
    actual = np.asarray(actual, dtype=float)
    total = np.abs(actual).sum()
    return float(np.abs(actual - np.asarray(forecast)).sum() / total) if total else float("nan")


def bias(actual, forecast) -> float:
    return float(np.mean(np.asarray(forecast) - np.asarray(actual)))
