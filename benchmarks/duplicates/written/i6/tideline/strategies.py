"""The strategies."""

from abc import ABC, abstractmethod
from typing import Dict, List

import numpy as np
import pandas as pd


class Strategy(ABC):
    name = ""
    universe = "us-large"
    symbols: List[str] = []

    @abstractmethod
    def weights(self, returns: pd.DataFrame) -> pd.DataFrame:
        """One row of weights for each day, known at its start."""

    @abstractmethod
    def params(self) -> Dict[str, float]:
        """What a run should log."""


class Momentum(Strategy):
    name = "momentum"
    symbols = ["AAA", "BBB", "CCC", "DDD"]

    def __init__(self, lookback: int = 60, gross: float = 1.0) -> None:
        self.lookback = lookback
        self.gross = gross

    def weights(self, returns: pd.DataFrame) -> pd.DataFrame:
        score = returns.rolling(self.lookback).mean() / returns.rolling(self.lookback).std()
        ranked = score.rank(axis=1) - (returns.shape[1] + 1) / 2
        return ranked.div(ranked.abs().sum(axis=1), axis=0).mul(self.gross).shift(1).dropna()

    def params(self) -> Dict[str, float]:
        return {"lookback": self.lookback, "gross": self.gross}


class RiskParity(Strategy):
    name = "risk-parity"
    universe = "multi-asset"
    symbols = ["BOND", "EQTY", "GOLD", "OIL"]

    def __init__(self, half_life: int = 30) -> None:
        self.half_life = half_life

    def weights(self, returns: pd.DataFrame) -> pd.DataFrame:
        inverse = 1 / returns.ewm(halflife=self.half_life).std().replace(0, np.nan)
        return inverse.div(inverse.sum(axis=1), axis=0).shift(1).dropna()

    def params(self) -> Dict[str, float]:
        return {"half_life": self.half_life}


STRATEGIES = {cls.name: cls for cls in (Momentum, RiskParity)}
