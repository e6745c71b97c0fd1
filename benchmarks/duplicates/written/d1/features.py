import numpy as np
import pandas as pd

import config as C

LAGS = [16, 17, 18, 21, 28, 35, 364]
WINDOWS = [7, 14, 28, 56]


def load():
    train = pd.read_csv(C.DATA / "train.csv", parse_dates=["date"], low_memory=False)
    test = pd.read_csv(C.DATA / "test.csv", parse_dates=["date"])
    train = train[train["date"] >= "2016-01-01"]
    train[C.TARGET] = np.log1p(train[C.TARGET].clip(lower=0))
    test[C.TARGET] = np.nan
    return pd.concat([train, test], ignore_index=True)


def add_calendar(df):
    df["dow"] = df["date"].dt.dayofweek
    df["dom"] = df["date"].dt.day
    df["month"] = df["date"].dt.month
    df["payday"] = ((df["dom"] == 15) | df["date"].dt.is_month_end).astype(int)
    holidays = pd.read_csv(C.DATA / "holidays_events.csv", parse_dates=["date"])
    national = holidays[(holidays["locale"] == "National") & ~holidays["transferred"]]
    df["holiday"] = df["date"].isin(national["date"]).astype(int)
    return df


def add_oil(df):
    oil = pd.read_csv(C.DATA / "oil.csv", parse_dates=["date"])
    oil = oil.set_index("date").asfreq("D").interpolate().reset_index()
    oil.columns = ["date", "oil"]
    return df.merge(oil, on="date", how="left")


def add_stores(df):
    stores = pd.read_csv(C.DATA / "stores.csv")
    for col in ("city", "state", "type"):
        stores[col] = stores[col].astype("category").cat.codes
    return df.merge(stores, on="store_nbr", how="left")


def add_items(df):
    items = pd.read_csv(C.DATA / "items.csv")
    items["family"] = items["family"].astype("category").cat.codes
    return df.merge(items, on="item_nbr", how="left")


def add_lags(df):
    df = df.sort_values(["store_nbr", "item_nbr", "date"])
    by = df.groupby(["store_nbr", "item_nbr"])[C.TARGET]
    for lag in LAGS:
        df[f"lag_{lag}"] = by.shift(lag)
    for w in WINDOWS:
        df[f"mean_{w}"] = by.transform(lambda s: s.shift(C.HORIZON).rolling(w, min_periods=1).mean())
        df[f"std_{w}"] = by.transform(lambda s: s.shift(C.HORIZON).rolling(w, min_periods=2).std())
    return df


def add_promo(df):
    df["onpromotion"] = df["onpromotion"].fillna(False).astype(int)
    by = df.groupby(["store_nbr", "item_nbr"])["onpromotion"]
    df["promo_7"] = by.transform(lambda s: s.rolling(7, min_periods=1).sum())
    df["promo_next"] = by.shift(-1).fillna(0)
    return df


def build(cache=True):
    path = C.OUT / f"features_{C.FEATURES_VERSION}.parquet"
    if cache and path.exists():
        return pd.read_parquet(path)
    df = load()
    for step in (add_calendar, add_oil, add_stores, add_items, add_promo, add_lags):
        df = step(df)
    C.OUT.mkdir(exist_ok=True)
    df.to_parquet(path)
    return df


def columns(df):
    skip = {"id", "date", C.TARGET}
    return [c for c in df.columns if c not in skip]
