"""Settings, read from the environment once."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from functools import lru_cache


class Tags:
    """Names of the tags this package writes."""

    OWNER = "tidewater.owner"
    PROJECT = "tidewater.project"
    LABELS = "tidewater.labels"
    SOURCE = "tidewater.source"
    STAGE = "tidewater.stage"


@dataclass(frozen=True)
class Settings:
    """What the SDK needs to know."""

    tracking_uri: str | None
    registry_uri: str | None
    project: str
    owner: str
    artifact_root: str | None = None
    poll_seconds: float = 2.0

    def artifact_location(self, name: str) -> str | None:
        """Where the artifacts of an experiment go, or None for the server's default."""
        if not self.artifact_root:
            return None
        return f"{self.artifact_root.rstrip('/')}/{self.project}/{name}"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings(
        tracking_uri=os.environ.get("TIDEWATER_TRACKING_URI"),
        registry_uri=os.environ.get("TIDEWATER_REGISTRY_URI"),
        project=os.environ.get("TIDEWATER_PROJECT", "default"),
        owner=os.environ.get("TIDEWATER_OWNER") or getpass.getuser(),
        artifact_root=os.environ.get("TIDEWATER_ARTIFACTS"),
    )
