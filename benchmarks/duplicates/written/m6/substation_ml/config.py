"""Settings from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Optional


@dataclass(frozen=True)
class Settings:
    team: str = field(default_factory=lambda: os.environ.get("SUBML_TEAM", "sandbox"))
    tracking_uri: Optional[str] = field(default_factory=lambda: os.environ.get("MLFLOW_TRACKING_URI"))
    stage_alias: str = "live"
    timeout: float = 30.0

    def experiment_name(self, project: str) -> str:
        return f"/{self.team}/{project}"

    def model_name(self, project: str) -> str:
        return f"{self.team}.{project}"
