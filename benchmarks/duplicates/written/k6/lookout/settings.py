"""Settings from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What the service needs to know."""

    tracking_uri: str | None
    training: str
    evaluation: str
    drift_limit: float
    window: int

    @classmethod
    def from_env(cls) -> "Settings":
        """Read LOOKOUT_ variables."""
        env = os.environ
        return cls(
            tracking_uri=env.get("LOOKOUT_TRACKING_URI"),
            training=env.get("LOOKOUT_TRAINING", "training"),
            evaluation=env.get("LOOKOUT_EVALUATION", "evaluation"),
            drift_limit=float(env.get("LOOKOUT_DRIFT_LIMIT", "0.2")),
            window=int(env.get("LOOKOUT_WINDOW", "1000")),
        )
