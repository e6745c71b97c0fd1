from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AGENTLAB_", env_file=".env", extra="ignore")

    tracking_uri: HttpUrl = Field("http://mlflow.internal:5000")
    sessions_experiment: str = "agents/sessions"
    eval_experiment: str = "agents/evals"
    prompt_dir: Path = Path("prompts")
    default_model: str = "gpt-4o-mini"
    judge_model: str = "gpt-4o"
    max_parallel: int = 8
    request_timeout_s: float = 45.0

    @property
    def tracking(self) -> str:
        return str(self.tracking_uri).rstrip("/")


@lru_cache
def settings() -> Settings:
    return Settings()
