from functools import lru_cache
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Application settings, read from the environment with prefix ``COPILOT_``."""

    model_config = SettingsConfigDict(env_prefix="COPILOT_", env_file=".env", extra="ignore")

    env: Literal["dev", "staging", "prod"] = "dev"
    tracking_uri: str = "http://mlflow.internal:5000"
    app_name: str = "claims-copilot"
    judge_model: str = "gpt-4o-mini"
    chat_model: str = "gpt-4o"
    openai_key: SecretStr = SecretStr("")
    eval_concurrency: int = Field(8, ge=1, le=64)
    min_faithfulness: float = 0.82
    trace_sample_rate: float = 1.0

    @property
    def experiment_name(self) -> str:
        return f"{self.app_name}-{self.env}"

    @property
    def eval_experiment_name(self) -> str:
        return f"{self.app_name}-{self.env}-eval"


@lru_cache
def get_settings() -> Settings:
    return Settings()
