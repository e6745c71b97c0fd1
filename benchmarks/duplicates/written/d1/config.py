"""Everything that changes between experiments lives here."""
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent
DATA = Path(os.environ.get("FAVORITA_DATA", ROOT / "input"))
OUT = ROOT / "output"

EXPERIMENT = "favorita-sales"
ADV_EXPERIMENT = "favorita-adversarial"
FEATURES_VERSION = "v7"
SEED = 2021
N_FOLDS = 5
HORIZON = 16
TARGET = "unit_sales"

LGB_PARAMS = {
    "objective": "regression",
    "metric": "rmse",
    "learning_rate": 0.03,
    "num_leaves": 63,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "verbosity": -1,
    "seed": SEED,
}

XGB_PARAMS = {
    "objective": "reg:squarederror",
    "eta": 0.05,
    "max_depth": 8,
    "subsample": 0.8,
    "colsample_bytree": 0.7,
    "seed": SEED,
}
