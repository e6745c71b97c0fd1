"""Tags that tidecast writes to runs."""


class Tags:
    """Tag names."""

    KIND = "tidecast.kind"
    MODEL = "tidecast.model"
    SERIES = "tidecast.series"
    FREQ = "tidecast.freq"
    LENGTH = "tidecast.length"
    HASH = "tidecast.hash"
    FOLD = "tidecast.fold"
    CUTOFF = "tidecast.cutoff"
    HORIZON = "tidecast.horizon"


BACKTEST = "backtest"
TRAINING = "training"
