"""Settings of the plug-in, also from the environment."""

from __future__ import annotations

import os
from typing import Dict, Optional

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ENV_RUN = "LOOMSTEP_MLFLOW_RUN_ID"
ENV_EXPERIMENT = "LOOMSTEP_MLFLOW_EXPERIMENT"


class MLflowSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LOOMSTEP_MLFLOW_")

    tracking_uri: Optional[str] = None
    experiment: str = "loomstep"
    artifact_root: Optional[str] = None
    nested: bool = True
    stale_after_hours: float = 24.0
    tags: Dict[str, str] = Field(default_factory=dict)

    def export(self, run_id: str) -> Dict[str, str]:
        """Environment for a step in another process."""
        env = {ENV_RUN: run_id, ENV_EXPERIMENT: self.experiment}
        if self.tracking_uri:
            env["MLFLOW_TRACKING_URI"] = self.tracking_uri
        return env


def run_id_from_env() -> Optional[str]:
    return os.environ.get(ENV_RUN) or os.environ.get("MLFLOW_RUN_ID")
