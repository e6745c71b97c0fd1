"""Constants used by notebooks and jobs.

Anything that differs between dev/stg/prd goes through ``load_settings``.
"""
import json
import os
from dataclasses import dataclass, field

REGIONS = ["north", "south", "islands", "metro"]

EXPERIMENT_ROOT = "/Shared/demand"
MODEL_NAME = "demand_weekly"
CHAMPION_ALIAS = "champion"

TAG_REGION = "region"
TAG_SNAPSHOT = "feature_snapshot"
TAG_HORIZON = "horizon"


@dataclass
class Settings:
    env: str = "dev"
    catalog: str = "demand_dev"
    tracking_uri: str = "databricks"
    min_rows: int = 10_000
    regions: list = field(default_factory=lambda: list(REGIONS))
    alert_emails: list = field(default_factory=list)

    @property
    def experiment_path(self):
        return f"{EXPERIMENT_ROOT}/{self.env}/weekly"


def load_settings(env=None):
    env = env or os.environ.get("DEMAND_ENV", "dev")
    path = os.path.join(os.path.dirname(__file__), "..", "conf", f"{env}.json")
    if not os.path.exists(path):
        return Settings(env=env, catalog=f"demand_{env}")
    with open(path) as fh:
        raw = json.load(fh)
    known = {k: v for k, v in raw.items() if k in Settings.__dataclass_fields__}
    return Settings(**{"env": env, **known})
