"""Settings read from the environment and from the regions file."""
import os
from dataclasses import dataclass, field
from pathlib import Path

import yaml

REGION_TAG = "region"
CUTOFF_TAG = "data_cutoff"
FAMILY_TAG = "model_family"
HORIZON_TAG = "horizon_days"

DEFAULT_HORIZON = 28


@dataclass
class RegionConfig:
    """What is known about one region.

    Parameters
    ----------
    code : str
        Short code, such as ``nord`` or ``idf``.
    stores : list of int
        Store ids.
    family : str
        ``prophet`` or ``lgbm``.
    horizon : int
        Days ahead.
    """

    code: str
    stores: list
    family: str = "lgbm"
    horizon: int = DEFAULT_HORIZON
    holidays: str = "FR"
    extra: dict = field(default_factory=dict)


class Settings:
    def __init__(self, env=None):
        env = env or os.environ
        self.tracking_uri = env.get("MLFLOW_TRACKING_URI", "http://mlflow.internal:5000")
        self.stage = env.get("SHELFCAST_STAGE", "dev")
        self.lake = Path(env.get("SHELFCAST_LAKE", "/mnt/lake/sales"))
        self.out = Path(env.get("SHELFCAST_OUT", "/mnt/lake/forecasts"))
        self.regions_file = Path(env.get("SHELFCAST_REGIONS", "config/regions.yaml"))

    @property
    def experiment(self):
        return f"/shelfcast/{self.stage}/demand"

    @property
    def backfill_experiment(self):
        return f"/shelfcast/{self.stage}/demand-backfill"

    def regions(self):
        """All regions of the regions file, by code."""
        raw = yaml.safe_load(self.regions_file.read_text())
        regions = {}
        for code, body in raw["regions"].items():
            if body.get("disabled"):
                continue
            regions[code] = RegionConfig(
                code=code,
                stores=body["stores"],
                family=body.get("family", "lgbm"),
                horizon=body.get("horizon", DEFAULT_HORIZON),
                holidays=body.get("holidays", "FR"),
                extra=body.get("extra", {}),
            )
        return regions
