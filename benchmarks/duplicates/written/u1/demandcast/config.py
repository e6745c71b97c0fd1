"""Configuration objects. Everything that a job needs should come through here."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Dict, List, Optional

import yaml

DEFAULT_CONFIG = Path(__file__).parent / "conf" / "default.yml"


@dataclass(frozen=True)
class MlflowConfig:
    tracking_uri: str = "databricks"
    experiment_prefix: str = "/Shared/forecasting"
    artifact_root: str = "abfss://mlflow@retaildl.dfs.core.windows.net/forecasting"

    def experiment_name(self, region: str) -> str:
        return f"{self.experiment_prefix}/{region}"


@dataclass(frozen=True)
class TrainWindow:
    start: date
    end: date

    @classmethod
    def last_weeks(cls, weeks: int, today: Optional[date] = None) -> "TrainWindow":
        today = today or date.today()
        monday = today - timedelta(days=today.weekday())
        return cls(start=monday - timedelta(weeks=weeks), end=monday - timedelta(days=1))

    def as_tag(self) -> str:
        return f"{self.start.isoformat()}:{self.end.isoformat()}"


@dataclass
class ForecastConfig:
    region: str
    stores: List[str] = field(default_factory=list)
    horizon_days: int = 28
    history_weeks: int = 104
    families: List[str] = field(default_factory=lambda: ["prophet", "lgbm"])
    lgbm_params: Dict[str, float] = field(default_factory=dict)
    mlflow: MlflowConfig = field(default_factory=MlflowConfig)

    @property
    def window(self) -> TrainWindow:
        return TrainWindow.last_weeks(self.history_weeks)


def load_config(region: str, path: Optional[Path] = None) -> ForecastConfig:
    raw = yaml.safe_load((path or DEFAULT_CONFIG).read_text())
    section = {**raw.get("common", {}), **raw["regions"][region]}
    ml = MlflowConfig(**section.pop("mlflow", {}))
    if uri := os.environ.get("MLFLOW_TRACKING_URI"):
        ml = MlflowConfig(uri, ml.experiment_prefix, ml.artifact_root)
    return ForecastConfig(region=region, mlflow=ml, **section)


def iso_week(d: date) -> str:
    year, week, _ = d.isocalendar()
    return f"{year}-W{week:02d}"
