"""Configuration from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    tracking_uri: str
    locale: str
    shop: str
    elastic: str

    @classmethod
    def from_env(cls) -> Settings:
        env = os.environ
        return cls(
            tracking_uri=env.get("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db"),
            locale=env.get("SEARCH_LOCALE", "de-DE"),
            shop=env.get("SEARCH_SHOP", "main"),
            elastic=env.get("ELASTIC_URL", "http://localhost:9200"),
        )
