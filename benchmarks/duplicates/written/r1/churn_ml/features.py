"""Feature helpers, pandas only so that they can be tested without Spark."""
import numpy as np
import pandas as pd

NUMERIC = ["tenure_days", "arpu_3m", "data_gb_3m", "calls_to_care_3m", "dunning_level"]
CATEGORICAL = ["tariff_group", "handset_os", "region"]


def add_trends(df: pd.DataFrame) -> pd.DataFrame:
    out = df.copy()
    for col in ("arpu", "data_gb"):
        short, long_ = out[f"{col}_1m"], out[f"{col}_3m"] / 3.0
        out[f"{col}_trend"] = np.where(long_ > 0, short / long_ - 1.0, 0.0)
    return out


def drop_unusable(df, cfg):
    before = len(df)
    df = df[df["tenure_days"] >= cfg.min_tenure_days]
    df = df[~df["tariff_group"].isin(cfg.excluded_tariffs)]
    return df, before - len(df)


def psi(expected, actual, bins=10):
    """Population stability index of two samples."""
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, bins + 1)))
    if len(edges) < 3:
        return 0.0
    e = np.histogram(expected, edges)[0] / max(len(expected), 1)
    a = np.histogram(actual, edges)[0] / max(len(actual), 1)
    e, a = np.clip(e, 1e-4, None), np.clip(a, 1e-4, None)
    return float(((a - e) * np.log(a / e)).sum())


def lift_at(y_true, score, share=0.1):
    order = np.argsort(-np.asarray(score))
    top = order[: max(1, int(len(order) * share))]
    base = np.mean(y_true)
    return float(np.mean(np.asarray(y_true)[top]) / base) if base else 0.0
