import numpy as np
import pandas as pd

from churnlib.consts import CATEGORICAL, ID_COLUMN, NUMERIC, TARGET


def clip_outliers(df, columns, q=0.995):
    df = df.copy()
    for col in columns:
        hi = df[col].quantile(q)
        df[col] = df[col].clip(upper=hi)
    return df


def add_ratios(df):
    df = df.copy()
    df["tickets_per_month"] = df["tickets_90d"] / 3.0
    df["logins_per_day"] = df["logins_30d"] / 30.0
    df["fee_after_discount"] = df["monthly_fee"] * (1 - df["discount_pct"] / 100.0)
    df["is_new"] = (df["tenure_days"] < 60).astype(int)
    return df


def segment(row):
    if row["tenure_days"] < 60:
        return "new"
    if row["monthly_fee"] > 49:
        return "premium"
    return "core"


def build_matrix(raw: pd.DataFrame):
    df = add_ratios(clip_outliers(raw, NUMERIC))
    df["segment"] = df.apply(segment, axis=1)
    for col in CATEGORICAL:
        df[col] = df[col].fillna("missing").astype("category")
    y = df[TARGET].astype(int).to_numpy() if TARGET in df else None
    X = df.drop(columns=[c for c in (TARGET, ID_COLUMN) if c in df])
    return X, y


def psi(expected: pd.Series, actual: pd.Series, bins: int = 10) -> float:
    edges = np.unique(np.quantile(expected.dropna(), np.linspace(0, 1, bins + 1)))
    e, _ = np.histogram(expected, edges)
    a, _ = np.histogram(actual, edges)
    e = np.clip(e / max(e.sum(), 1), 1e-4, None)
    a = np.clip(a / max(a.sum(), 1), 1e-4, None)
    return float(np.sum((a - e) * np.log(a / e)))
