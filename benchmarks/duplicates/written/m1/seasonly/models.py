"""The forecasters of the package."""

from __future__ import annotations

import numpy as np
import pandas as pd


class Forecaster:
    """Base of all models: fit on a series, then predict a horizon."""

    def __init__(self, freq: str = "D") -> None:
        self.freq = freq
        self._last: pd.Timestamp | None = None

    def fit(self, y: pd.Series) -> "Forecaster":
        self._last = y.index[-1]
        self._fit(y.to_numpy(dtype=float))
        return self

    def predict(self, horizon: int) -> pd.Series:
        if self._last is None:
            raise RuntimeError("fit the model first")
        index = pd.date_range(self._last, periods=horizon + 1, freq=self.freq)[1:]
        return pd.Series(self._predict(horizon), index=index, name="yhat")

    def get_params(self) -> dict:
        return {k: v for k, v in vars(self).items() if not k.startswith("_")}

    def _fit(self, values: np.ndarray) -> None:
        raise NotImplementedError

    def _predict(self, horizon: int) -> np.ndarray:
        raise NotImplementedError


class SeasonalNaive(Forecaster):
    """Repeat the last season."""

    def __init__(self, season: int = 7, freq: str = "D") -> None:
        super().__init__(freq)
        self.season = season

    def _fit(self, values: np.ndarray) -> None:
        self._tail = values[-self.season :]

    def _predict(self, horizon: int) -> np.ndarray:
        return np.resize(self._tail, horizon)


class SmoothLevel(Forecaster):
    """Simple exponential smoothing."""

    def __init__(self, alpha: float = 0.3, freq: str = "D") -> None:
        super().__init__(freq)
        self.alpha = alpha

    def _fit(self, values: np.ndarray) -> None:
        level = values[0]
        for value in values[1:]:
            level = self.alpha * value + (1 - self.alpha) * level
        self._level = level

    def _predict(self, horizon: int) -> np.ndarray:
        return np.full(horizon, self._level)
