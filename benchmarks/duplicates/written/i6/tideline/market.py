"""Prices and returns."""

from datetime import date
from pathlib import Path
from typing import Sequence

import numpy as np
import pandas as pd


class PriceStore:
    """One parquet file for each symbol."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def closes(self, symbols: Sequence[str], last: date, length: int) -> pd.DataFrame:
        columns = {}
        for symbol in symbols:
            series = pd.read_parquet(self.root / f"{symbol}.parquet")["close"]
            columns[symbol] = series[series.index.date <= last].tail(length)
        return pd.DataFrame(columns).ffill().dropna()


def log_returns(closes: pd.DataFrame) -> pd.DataFrame:
    return np.log(closes).diff().dropna()


def sharpe(returns: pd.Series, days: int = 252) -> float:
    deviation = returns.std()
    if not deviation or np.isnan(deviation):
        return 0.0
    return float(returns.mean() / deviation * np.sqrt(days))


def max_drawdown(returns: pd.Series) -> float:
    curve = returns.cumsum()
    return float((curve - curve.cummax()).min())
