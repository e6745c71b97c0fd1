"""CTR model."""
import dataclasses
import typing as t

import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.metrics import log_loss, roc_auc_score


@dataclasses.dataclass
class TrainSpec:
    tenant: str
    kind: str
    days: int = 14
    downsample: float = 0.1
    rounds: int = 300
    params: t.Dict[str, t.Any] = dataclasses.field(default_factory=dict)


class CtrTrainer:
    DEFAULTS = {"objective": "binary:logistic", "eta": 0.1, "max_depth": 7, "tree_method": "hist"}

    def __init__(self, spec: TrainSpec) -> None:
        self.spec = spec

    def _sample(self, df: pd.DataFrame) -> pd.DataFrame:
        pos = df[df["label"] == 1]
        neg = df[df["label"] == 0].sample(frac=self.spec.downsample, random_state=7)
        return pd.concat([pos, neg])

    def calibrate(self, p: np.ndarray) -> np.ndarray:
        w = self.spec.downsample
        return p / (p + (1 - p) / w)

    def fit(self, df: pd.DataFrame) -> t.Tuple[xgb.Booster, t.Dict[str, float]]:
        split = int(len(df) * 0.9)
        train, test = self._sample(df.iloc[:split]), df.iloc[split:]
        cols = [c for c in df.columns if c not in ("label", "ts")]
        booster = xgb.train(
            {**self.DEFAULTS, **self.spec.params},
            xgb.DMatrix(train[cols], train["label"]),
            num_boost_round=self.spec.rounds,
        )
        p = self.calibrate(booster.predict(xgb.DMatrix(test[cols])))
        return booster, {
            "auc": float(roc_auc_score(test["label"], p)),
            "logloss": float(log_loss(test["label"], p)),
            "calibration": float(p.mean() / max(test["label"].mean(), 1e-9)),
        }
