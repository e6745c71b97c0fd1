import abc

import numpy as np
import pandas as pd


class Forecaster(abc.ABC):
    """Fit on a series, forecast `horizon` steps."""

    def __init__(self, horizon=1):
        self.horizon = horizon
        self.freq = None

    def fit(self, y):
        if not isinstance(y.index, (pd.DatetimeIndex, pd.PeriodIndex)):
            raise TypeError("the index must hold times")
        self.freq = y.index.freqstr or pd.infer_freq(y.index)
        self.end = y.index[-1]
        self._fit(y)
        return self

    def predict(self):
        v = np.asarray(self._predict(self.horizon), dtype=float)
        idx = pd.date_range(self.end, periods=self.horizon + 1, freq=self.freq)[1:]
        return pd.Series(v, index=idx)

    @abc.abstractmethod
    def _fit(self, y):
        ...

    @abc.abstractmethod
    def _predict(self, n):
        ...

    def params(self):
        return {k: v for k, v in vars(self).items() if isinstance(v, (int, float, str))}
