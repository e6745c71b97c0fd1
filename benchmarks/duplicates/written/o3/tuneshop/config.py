from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class JudgeConfig(BaseModel):
    model: str = "openai:/gpt-4o-mini"
    temperature: float = 0.0
    max_concurrency: int = 8
    retries: int = 3


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TUNESHOP_", env_nested_delimiter="__")

    tracking_uri: str = "http://localhost:5000"
    environment: Literal["dev", "staging", "prod"] = "dev"
    team: str = "applied"
    judge: JudgeConfig = Field(default_factory=JudgeConfig)
    min_helpfulness: float = 3.8
    max_toxicity: float = 0.02

    def experiment_for(self, customer: str, kind: str) -> str:
        return f"{self.environment}/{customer}/{kind}"


@lru_cache
def get_settings() -> Settings:
    return Settings()
