from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="GRIDCAST_", env_file=".env")

    tracking_uri: str = "sqlite:///gridcast.db"
    experiment: str = "gridcast"
    data: Path = Path("data")
    horizon: int = Field(48, ge=1, le=24 * 14)
    season: int = 24
    quantiles: tuple[float, ...] = (0.1, 0.5, 0.9)


@lru_cache
def settings() -> Settings:
    return Settings()
