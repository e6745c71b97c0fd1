"""Loads the PV data of the two sites."""
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path("data")
SITES = {"north": 48.2, "south": 41.4}


def load_site(site):
    f = DATA / f"{site}.csv"
    if f.exists():
        df = pd.read_csv(f, parse_dates=["time"]).set_index("time")
    else:
        df = fake_site(site)
    df = df[~df.index.duplicated()].sort_index()
    df["power"] = df["power"].clip(lower=0).interpolate(limit=3)
    return df.dropna()


def fake_site(site, days=60):
    """Fake data so that the code runs without the real files."""
    rng = np.random.default_rng(len(site))
    idx = pd.date_range("2023-04-01", periods=days * 24, freq="h")
    h = idx.hour.to_numpy()
    sun = np.clip(np.sin((h - 6) / 12 * np.pi), 0, None)
    cloud = np.repeat(rng.uniform(0.2, 1, days), 24)
    temp = 12 + 8 * sun + rng.normal(0, 1, len(idx))
    power = 100 * sun * cloud * np.cos(np.radians(SITES.get(site, 45) - 30))
    return pd.DataFrame({"power": power + rng.normal(0, 2, len(idx)), "temp": temp, "cloud": 1 - cloud}, index=idx)


def make_xy(df, lags, horizon=1):
    X = pd.DataFrame({f"lag{l}": df["power"].shift(l) for l in lags})
    X["hour_sin"] = np.sin(2 * np.pi * df.index.hour / 24)
    X["hour_cos"] = np.cos(2 * np.pi * df.index.hour / 24)
    for c in ("temp", "cloud"):
        if c in df:
            X[c] = df[c]
    y = df["power"].shift(-horizon)
    ok = X.notna().all(axis=1) & y.notna()
    return X[ok].to_numpy(), y[ok].to_numpy()


def split(X, y, val=0.2, test=0.2):
    n = len(X)
    a, b = int(n * (1 - val - test)), int(n * (1 - test))
    return (X[:a], y[:a]), (X[a:b], y[a:b]), (X[b:], y[b:])
