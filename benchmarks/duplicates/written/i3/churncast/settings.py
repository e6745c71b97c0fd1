"""Constants and settings of the package."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import List

OWNER = os.getenv("CHURNCAST_OWNER", "growth-ds")
TAG_TARGET = "target"
TAG_JOB = "job"
TAG_FEATURES = "features"
TAG_FEATURE_SET = "feature_set"
METRIC = "val_rmse"


@dataclass
class Target:
    """What a model says something about."""

    name: str
    column: str
    feature_set: str = "base"
    features: List[str] = field(default_factory=list)

    @property
    def experiment(self) -> str:
        return f"churncast/{self.name}"


TARGETS = [
    Target("churn_90d", "churned_90d", "base", ["orders_30d", "returns_30d", "days_since_login"]),
    Target("revenue_30d", "revenue_30d", "money", ["orders_30d", "basket_mean", "discount_share"]),
]


def target_named(name: str) -> Target:
    for target in TARGETS:
        if target.name == name:
            return target
    raise KeyError(name)


def data_file(day: str) -> Path:
    return Path(os.getenv("CHURNCAST_DATA", "data")) / f"shops-{day}.parquet"
