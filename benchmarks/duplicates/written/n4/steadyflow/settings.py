"""Settings of a project, from `steady.yml` and the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass
class TrackingSettings:
    """What is written to MLflow, and where."""

    uri: str | None = None
    experiment: str = "steadyflow"
    restore_deleted: bool = True
    resume: bool = True
    nodes_as_runs: bool = True
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Settings:
    """All settings."""

    project: str
    env: str = "local"
    tracking: TrackingSettings = field(default_factory=TrackingSettings)

    @classmethod
    def read(cls, folder: Path) -> "Settings":
        path = folder / "steady.yml"
        data: dict[str, Any] = yaml.safe_load(path.read_text()) if path.exists() else {}
        tracking = TrackingSettings(**data.get("tracking", {}))
        tracking.uri = os.environ.get("MLFLOW_TRACKING_URI", tracking.uri)
        return cls(
            project=data.get("project", folder.name),
            env=os.environ.get("STEADY_ENV", data.get("env", "local")),
            tracking=tracking,
        )
