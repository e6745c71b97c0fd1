"""Settings and names."""

from __future__ import annotations

import os
from dataclasses import dataclass


class Role:
    CHAMPION = "champion"
    CHALLENGER = "challenger"
    RETIRED = "retired"


class Keys:
    """Tag names."""

    ROLE = "scorewatch.role"
    SEGMENT = "scorewatch.segment"
    LIMITS = "scorewatch.limits"
    WINDOW_START = "window.start"
    WINDOW_END = "window.end"
    WINDOW_ROWS = "window.rows"
    WINDOW_SOURCE = "window.source"


@dataclass(frozen=True)
class Settings:
    training: str = os.environ.get("TRAINING_EXPERIMENT", "churn-training")
    scoring: str = os.environ.get("SCORING_EXPERIMENT", "churn-scoring")
    monitoring: str = os.environ.get("MONITORING_EXPERIMENT", "churn-monitoring")
    psi_limit: float = 0.2
    null_limit: float = 0.05
    segments: tuple[str, ...] = ("retail", "business")


SETTINGS = Settings()
