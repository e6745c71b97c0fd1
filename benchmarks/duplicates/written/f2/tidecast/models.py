"""Small forecasters with the same face: fit, predict, to_dict."""

import numpy as np


class Forecaster:
    name = "base"

    def fit(self, values):
        self.values_ = np.asarray(values, dtype=float)
        return self

    def predict(self, horizon):
        raise NotImplementedError

    def to_dict(self):
        return {"name": self.name, "params": self.params()}

    def params(self):
        return {}


class Naive(Forecaster):
    """Repeat the last value."""

    name = "naive"

    def predict(self, horizon):
        return np.repeat(self.values_[-1], horizon)


class SeasonalNaive(Forecaster):
    """Repeat the last season."""

    name = "seasonal-naive"

    def __init__(self, season=7):
        self.season = season

    def predict(self, horizon):
        last = self.values_[-self.season:]
        return np.resize(last, horizon)

    def params(self):
        return {"season": self.season}


class Drift(Forecaster):
    """Go on along the line from the first to the last value."""

    name = "drift"

    def predict(self, horizon):
        slope = (self.values_[-1] - self.values_[0]) / max(len(self.values_) - 1, 1)
        return self.values_[-1] + slope * np.arange(1, horizon + 1)


class Smoothing(Forecaster):
    """Simple exponential smoothing."""

    name = "smoothing"

    def __init__(self, alpha=0.3):
        if not 0 < alpha <= 1:
            raise ValueError("alpha must be in (0, 1]")
        self.alpha = alpha

    def fit(self, values):
        super().fit(values)
        level = self.values_[0]
        for value in self.values_[1:]:
            level = self.alpha * value + (1 - self.alpha) * level
        self.level_ = level
        return self

    def predict(self, horizon):
        return np.repeat(self.level_, horizon)

    def params(self):
        return {"alpha": self.alpha}


_MODELS = {cls.name: cls for cls in (Naive, SeasonalNaive, Drift, Smoothing)}


def make_model(spec):
    """Make a forecaster of a dict as to_dict writes it."""
    try:
        cls = _MODELS[spec["name"]]
    except KeyError:
        raise ValueError(f"unknown model {spec.get('name')!r}") from None
    return cls(**spec.get("params", {}))
