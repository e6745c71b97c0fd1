from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
from sklearn.linear_model import QuantileRegressor, Ridge

from gridcast.series import Series, fourier


class Method(Protocol):
    def fit(self, series: Series) -> "Method": ...

    def predict(self, index: pd.DatetimeIndex) -> np.ndarray: ...


class SeasonalNaive:
    def __init__(self, season: int = 24 * 7):
        self.season = season

    def fit(self, series: Series) -> "SeasonalNaive":
        self.tail = series.values.to_numpy()[-self.season :]
        return self

    def predict(self, index: pd.DatetimeIndex) -> np.ndarray:
        return np.resize(self.tail, len(index))


class Harmonic:
    def __init__(self, alpha: float = 1.0, order: int = 6):
        self.model = Ridge(alpha)
        self.order = order

    def _matrix(self, index: pd.DatetimeIndex) -> np.ndarray:
        return np.hstack([fourier(index, 24, self.order), fourier(index, 24 * 7, self.order)])

    def fit(self, series: Series) -> "Harmonic":
        self.model.fit(self._matrix(series.values.index), series.values)
        return self

    def predict(self, index: pd.DatetimeIndex) -> np.ndarray:
        return self.model.predict(self._matrix(index))


class Quantile(Harmonic):
    def __init__(self, q: float, order: int = 4):
        self.model = QuantileRegressor(quantile=q, alpha=0.01, solver="highs")
        self.order = order


REGISTRY = {"naive": SeasonalNaive, "harmonic": Harmonic}
