from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
OUT = ROOT / "out"
EXPERIMENT = "store-sales"
DATA_VERSION = "v3-holidays"
SEED = 2021
N_FOLDS = 5
TARGET = "sales"

LGB_PARAMS = {
    "objective": "regression",
    "learning_rate": 0.05,
    "num_leaves": 127,
    "min_child_samples": 40,
    "subsample": 0.8,
    "colsample_bytree": 0.7,
    "n_estimators": 1500,
    "random_state": SEED,
}
