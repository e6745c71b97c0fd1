import numpy as np
import pandas as pd

from src.config import DATA, TARGET


def read_raw(name):
    return pd.read_csv(DATA / f"{name}.csv", parse_dates=["date"])


def reduce_mem(df):
    for c in df.columns:
        if df[c].dtype == "float64":
            df[c] = df[c].astype("float32")
        elif df[c].dtype == "int64":
            if df[c].max() < 2**31 - 1:
                df[c] = df[c].astype("int32")
    return df


def load_train():
    train = read_raw("train")
    stores = pd.read_csv(DATA / "stores.csv")
    oil = read_raw("oil").set_index("date")["dcoilwtico"].interpolate().rename("oil")
    df = train.merge(stores, on="store_nbr", how="left")
    df = df.merge(oil.reset_index(), on="date", how="left")
    df[TARGET] = np.log1p(df[TARGET])
    return reduce_mem(df)


def load_test():
    test = read_raw("test")
    stores = pd.read_csv(DATA / "stores.csv")
    return reduce_mem(test.merge(stores, on="store_nbr", how="left"))


def holidays():
    h = read_raw("holidays_events")
    h = h[~h["transferred"]]
    return h[["date", "locale", "locale_name"]].drop_duplicates()
