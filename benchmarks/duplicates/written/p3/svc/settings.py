from functools import lru_cache
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Vertical = Literal["retail", "travel", "games", "finance"]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CTR_", env_file=".env")

    tracking_uri: str = "http://mlflow.ctr.svc:5000"
    jobs_experiment: str = "ctr/jobs"
    drift_experiment: str = "ctr/drift"
    train_experiment: str = "ctr/train"
    bucket: str = "s3://ctr-scores"
    psi_warn: float = 0.1
    psi_page: float = 0.25
    page_size: int = Field(default=200, ge=1, le=1000)


@lru_cache
def get_settings() -> Settings:
    return Settings()
