from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Dict, List


@dataclass(frozen=True)
class TrackingSettings:
    uri: str = "databricks"
    root: str = "/Shared/demand"
    stale_hours: int = 12


@dataclass(frozen=True)
class ModelSettings:
    family: str = "lgbm"
    horizon_days: int = 14
    params: Dict[str, float] = field(default_factory=lambda: {"learning_rate": 0.05, "n_estimators": 300})


@dataclass(frozen=True)
class Settings:
    env: str = "dev"
    regions: List[str] = field(default_factory=lambda: ["EMEA", "APAC", "NA"])
    store_groups: List[str] = field(default_factory=lambda: ["city", "mall", "outlet"])
    tracking: TrackingSettings = field(default_factory=TrackingSettings)
    model: ModelSettings = field(default_factory=ModelSettings)

    def experiment_path(self, region: str) -> str:
        return f"{self.tracking.root}/{self.env}/{region.lower()}"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    tracking = TrackingSettings(uri=os.getenv("TRACKING_URI", "databricks"), root=os.getenv("TRACKING_ROOT", "/Shared/demand"))
    model = ModelSettings(family=os.getenv("MODEL_FAMILY", "lgbm"), horizon_days=int(os.getenv("HORIZON", "14")))
    return Settings(env=os.getenv("ENV", "dev"), tracking=tracking, model=model)
