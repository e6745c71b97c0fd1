import numpy as np
from sklearn.linear_model import RidgeCV

from tidecast.base import Forecaster


class Naive(Forecaster):
    def _fit(self, y):
        self._last = y.iloc[-1]

    def _predict(self, n):
        return np.repeat(self._last, n)


class SeasonalNaive(Forecaster):
    def __init__(self, horizon=1, season=7):
        super().__init__(horizon)
        self.season = season

    def _fit(self, y):
        self._tail = y.values[-self.season:]

    def _predict(self, n):
        return np.resize(self._tail, n)


class Ses(Forecaster):
    def __init__(self, horizon=1, alpha=0.3):
        super().__init__(horizon)
        self.alpha = alpha

    def _fit(self, y):
        s = y.iloc[0]
        for v in y.values[1:]:
            s = self.alpha * v + (1 - self.alpha) * s
        self._level = s

    def _predict(self, n):
        return np.full(n, self._level)


class WindowRegressor(Forecaster):
    def __init__(self, horizon=1, window=14):
        super().__init__(horizon)
        self.window = window

    def _fit(self, y):
        v = y.values
        X = np.lib.stride_tricks.sliding_window_view(v[:-1], self.window)
        self._reg = RidgeCV().fit(X, v[self.window:])
        self._buf = list(v[-self.window:])

    def _predict(self, n):
        buf = list(self._buf)
        for _ in range(n):
            buf.append(float(self._reg.predict([buf[-self.window:]])[0]))
        return buf[-n:]
