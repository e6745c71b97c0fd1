"""Read the station data and make features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

STATIONS = ("alm", "brk", "cot", "dun")
TARGET = "moisture"


def load(folder: str | Path, station: str) -> pd.DataFrame:
    frame = pd.read_csv(Path(folder) / f"{station}.csv", parse_dates=["time"])
    return frame.set_index("time").sort_index()


def synthetic(station: str, days: int = 400, seed: int = 0) -> pd.DataFrame:
    """Made-up data in the form of a station's file."""
    rng = np.random.default_rng(seed + STATIONS.index(station))
    time = pd.date_range("2022-01-01", periods=days, freq="D")
    rain = rng.gamma(0.4, 6.0, days)
    temperature = 10 + 9 * np.sin(np.arange(days) / 58) + rng.normal(0, 2, days)
    moisture = np.zeros(days)
    moisture[0] = 0.25
    for day in range(1, days):
        loss = 0.002 * max(temperature[day], 0)
        moisture[day] = np.clip(0.93 * moisture[day - 1] + 0.004 * rain[day] - loss / 10, 0.02, 0.5)
    return pd.DataFrame(
        {"rain": rain, "temperature": temperature, TARGET: moisture}, index=time
    )


def features(frame: pd.DataFrame, lags: tuple[int, ...] = (1, 2, 7)) -> pd.DataFrame:
    out = pd.DataFrame(index=frame.index)
    for column in ("rain", "temperature", TARGET):
        for lag in lags:
            out[f"{column}_{lag}"] = frame[column].shift(lag)
    out["rain_week"] = frame["rain"].rolling(7).sum().shift(1)
    out["day"] = np.sin(2 * np.pi * frame.index.dayofyear / 365)
    return out.dropna()


def split(frame: pd.DataFrame, share: float = 0.7) -> tuple[pd.DataFrame, pd.DataFrame]:
    cut = int(len(frame) * share)
    return frame.iloc[:cut], frame.iloc[cut:]
