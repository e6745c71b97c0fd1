"""Settings, read from the environment once."""
from __future__ import annotations

import os
from dataclasses import dataclass, field

REGIONS = ("north", "south", "coast", "islands")
HORIZONS = {"day": 24, "week": 168}
TRACKING_ENV = "MLFLOW_TRACKING_URI"


@dataclass(frozen=True)
class Settings:
    """What differs between the stages."""

    stage: str = field(default_factory=lambda: os.environ.get("DC_STAGE", "dev"))
    tracking_uri: str = field(default_factory=lambda: os.environ.get(TRACKING_ENV, "databricks"))
    artifact_root: str = field(default_factory=lambda: os.environ.get("DC_ARTIFACTS", "dbfs:/demandcast"))
    workspace_folder: str = field(default_factory=lambda: os.environ.get("DC_FOLDER", "/Shared/demandcast"))

    def experiment_name(self, region: str) -> str:
        return f"{self.workspace_folder}/{self.stage}/{region}"

    def artifact_location(self, region: str) -> str:
        return f"{self.artifact_root}/{self.stage}/{region}"


def load() -> Settings:
    return Settings()
