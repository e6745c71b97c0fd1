"""Settings, read from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

SUITE_TAG = "evalloom.suite"
KIND_TAG = "evalloom.kind"
BASELINE_TAG = "evalloom.baseline"
DATASET_TAG = "evalloom.dataset"
PROMPT_TAG = "evalloom.prompt"
PARENT_TAG = "mlflow.parentRunId"


@dataclass
class Settings:
    """Where the results go."""

    tracking_uri: str | None = None
    experiment: str = "evalloom"
    max_workers: int = 4

    @classmethod
    def from_env(cls) -> "Settings":
        return cls(
            tracking_uri=os.environ.get("MLFLOW_TRACKING_URI"),
            experiment=os.environ.get("EVALLOOM_EXPERIMENT", "evalloom"),
            max_workers=int(os.environ.get("EVALLOOM_WORKERS", "4")),
        )


settings = Settings.from_env()
