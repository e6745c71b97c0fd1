"""Desk wide settings. Anything that differs between VM1 and VM2 comes from the environment."""
import logging
import os
from pathlib import Path

TRACKING_URI = os.environ.get("MLFLOW_TRACKING_URI", "http://mlf.desk.local:5000")
DATA_ROOT = Path(os.environ.get("DESK_DATA", "/srv/desk/data"))
ZONES = ("DE_LU", "FR", "NL", "BE", "AT")
HORIZON_H = 36

EXP_LOAD = "st/load"
EXP_WIND = "st/wind"
EXP_PRICE = "st/price_da"
EXP_BACKTEST = "st/backtest"

TAG_GOOD = "last_good"
TAG_UPSTREAM = "upstream"
TAG_ZONE = "zone"


def setup_logging(name, level=None):
    lvl = level or os.environ.get("DESK_LOG", "INFO")
    logging.basicConfig(
        level=lvl,
        format="%(asctime)s %(levelname).1s %(name)s %(message)s",
    )
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    return logging.getLogger(name)


def zone_dir(zone, kind):
    if zone not in ZONES:
        raise ValueError("unknown zone %r" % zone)
    p = DATA_ROOT / kind / zone.lower()
    p.mkdir(parents=True, exist_ok=True)
    return p
