from __future__ import annotations

from functools import lru_cache

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class TrackingSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="RISKHUB_TRACKING_")

    uri: str = "http://mlflow.risk.svc:5000"
    experiment_prefix: str = "/risk/scorecards"
    owner: str = "credit-risk"
    keep_days: int = 365


class WarehouseSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="RISKHUB_DWH_")

    dsn: SecretStr = SecretStr("sqlite:///dev.db")
    schema_name: str = "mart"


class Settings(BaseSettings):
    env: str = Field("dev", pattern="^(dev|uat|prod)$")
    tracking: TrackingSettings = TrackingSettings()
    warehouse: WarehouseSettings = WarehouseSettings()


@lru_cache
def settings() -> Settings:
    return Settings()
