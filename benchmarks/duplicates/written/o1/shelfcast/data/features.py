"""Features for the tree models."""
import numpy as np
import pandas as pd

LAGS = (7, 14, 28, 364)
WINDOWS = (7, 28)


def add_calendar(frame, holidays):
    frame = frame.copy()
    frame["dow"] = frame["ds"].dt.dayofweek
    frame["week"] = frame["ds"].dt.isocalendar().week.astype(int)
    frame["month"] = frame["ds"].dt.month
    frame["is_holiday"] = frame["ds"].dt.date.isin(set(holidays)).astype(int)
    frame["sin_year"] = np.sin(2 * np.pi * frame["ds"].dt.dayofyear / 365.25)
    frame["cos_year"] = np.cos(2 * np.pi * frame["ds"].dt.dayofyear / 365.25)
    return frame


def add_lags(frame, horizon):
    """Lags which are known `horizon` days ahead."""
    frame = frame.copy()
    grouped = frame.groupby(["store", "category"])["y"]
    for lag in LAGS:
        if lag < horizon:
            continue
        frame[f"lag_{lag}"] = grouped.shift(lag)
    for window in WINDOWS:
        frame[f"mean_{window}"] = grouped.transform(
            lambda s, w=window: s.shift(horizon).rolling(w, min_periods=1).mean()
        )
    return frame


def future_frame(frame, horizon):
    last = frame["ds"].max()
    days = pd.date_range(last + pd.Timedelta(days=1), periods=horizon)
    keys = frame[["store", "category"]].drop_duplicates()
    future = keys.merge(pd.DataFrame({"ds": days}), how="cross")
    future["y"] = np.nan
    return future
