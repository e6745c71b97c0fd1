import os
from dataclasses import dataclass


@dataclass
class Config:
    tracking_uri: str = os.getenv("MLFLOW_TRACKING_URI", "sqlite:///pricewell.db")
    broker: str = os.getenv("BROKER_URL", "memory://")
    env: str = os.getenv("PW_ENV", "dev")
    keep_days: int = int(os.getenv("PW_KEEP_DAYS", "30"))
    stale_minutes: int = int(os.getenv("PW_STALE_MINUTES", "90"))


config = Config()
