"""Feature preparation; polars-free since the workers have pandas only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from adrank.constants import MIN_IMPRESSIONS

NUMERIC = ["bid", "ctr_7d", "ctr_30d", "price", "stock_age_days"]
CATEGORICAL = ["advertiser_id", "category_l2", "device"]


@dataclass
class FeatureSet:
    """A versioned list of columns."""

    version: str
    numeric: list[str] = field(default_factory=lambda: list(NUMERIC))
    categorical: list[str] = field(default_factory=lambda: list(CATEGORICAL))

    def digest(self) -> str:
        joined = "|".join(self.numeric + self.categorical)
        return hashlib.sha1(joined.encode()).hexdigest()[:10]


def drop_thin_ads(frame: pd.DataFrame) -> pd.DataFrame:
    counts = frame.groupby("ad_id")["impression"].transform("sum")
    return frame.loc[counts >= MIN_IMPRESSIONS].reset_index(drop=True)


def smooth_ctr(clicks: pd.Series, views: pd.Series, prior: float = 0.012) -> pd.Series:
    strength = 150.0
    return (clicks + prior * strength) / (views + strength)


def encode(frame: pd.DataFrame, features: FeatureSet) -> pd.DataFrame:
    numeric = frame[features.numeric].astype("float32").fillna(0.0)
    hashed = {
        name: frame[name].map(lambda v: hash(v) % 4096).astype("int32")
        for name in features.categorical
    }
    encoded = pd.concat([numeric, pd.DataFrame(hashed)], axis=1)
    encoded["log_bid"] = np.log1p(frame["bid"].clip(lower=0))
    return encoded


def split_by_day(frame: pd.DataFrame, holdout_days: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    last = frame["day"].max()
    border = last - pd.Timedelta(days=holdout_days)
    return frame[frame["day"] <= border], frame[frame["day"] > border]
