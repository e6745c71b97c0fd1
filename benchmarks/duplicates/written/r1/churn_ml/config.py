"""Settings shared by notebooks and jobs."""
import os
from dataclasses import dataclass, field

MARKETS = ("de", "at", "cz")

TAG_JOB = "churn.job"
TAG_MONTH = "churn.snapshot_month"
TAG_MARKET = "churn.market"
TAG_SOURCE = "churn.source_table"

PRIMARY_METRIC = "val_auc"


@dataclass
class MarketConfig:
    market: str
    currency: str = "EUR"
    min_tenure_days: int = 90
    excluded_tariffs: list = field(default_factory=list)

    @property
    def feature_table(self):
        return f"crm_{self.market}.churn_features"


CONFIGS = {
    "de": MarketConfig("de", excluded_tariffs=["M2M", "EMPLOYEE"]),
    "at": MarketConfig("at", excluded_tariffs=["M2M"]),
    "cz": MarketConfig("cz", currency="CZK", min_tenure_days=60),
}


def current_user():
    return os.environ.get("DATABRICKS_USER") or os.environ.get("USER", "svc-churn")


def market_config(market):
    try:
        return CONFIGS[market]
    except KeyError:
        raise ValueError(f"unknown market {market!r}, expected one of {', '.join(MARKETS)}")
