from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd


@dataclass
class Series:
    name: str
    values: pd.Series

    def __post_init__(self) -> None:
        if self.values.index.has_duplicates:
            raise ValueError(f"{self.name}: duplicate timestamps")

    def before(self, cutoff: pd.Timestamp) -> "Series":
        return Series(self.name, self.values[self.values.index < cutoff])

    def window(self, start: pd.Timestamp, hours: int) -> pd.Series:
        return self.values[start : start + pd.Timedelta(hours=hours - 1)]


def read(path: Path, name: str) -> Series:
    frame = pd.read_parquet(path / f"{name}.parquet")
    values = frame.set_index("ts")["load_mw"].sort_index().asfreq("h")
    return Series(name, values.interpolate(limit=6))


def names(path: Path) -> list[str]:
    return sorted(p.stem for p in path.glob("*.parquet"))


def latest_forecast(path: Path, name: str) -> Path | None:
    found = sorted(path.glob(f"{name}-*.csv"), key=lambda p: p.stat().st_mtime, reverse=True)
    return found[0] if found else None


def fourier(index: pd.DatetimeIndex, period: float, order: int) -> np.ndarray:
    t = index.view("int64") / 3.6e12
    columns = []
    for k in range(1, order + 1):
        columns += [np.sin(2 * np.pi * k * t / period), np.cos(2 * np.pi * k * t / period)]
    return np.column_stack(columns)
