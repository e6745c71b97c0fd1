import numpy as np
import pandas as pd

LAGS = (16, 21, 28, 35, 364)
WINDOWS = (7, 28)


def date_parts(df):
    d = df["date"].dt
    df["dow"] = d.dayofweek
    df["dom"] = d.day
    df["month"] = d.month
    df["payday"] = ((d.day == 15) | d.is_month_end).astype(int)
    df["sin_year"] = np.sin(2 * np.pi * d.dayofyear / 365.25)
    return df


def lag_feats(df, target="sales"):
    keys = ["store_nbr", "family"]
    df = df.sort_values(keys + ["date"])
    g = df.groupby(keys)[target]
    for lag in LAGS:
        df[f"lag_{lag}"] = g.shift(lag)
    for w in WINDOWS:
        df[f"roll_{w}"] = g.transform(lambda s: s.shift(16).rolling(w).mean())
    return df


def encode(df, cols=("family", "city", "state", "type")):
    for c in cols:
        if c in df:
            df[c] = pd.factorize(df[c])[0]
    return df


def make(df):
    df = date_parts(df)
    df = lag_feats(df)
    return encode(df)
