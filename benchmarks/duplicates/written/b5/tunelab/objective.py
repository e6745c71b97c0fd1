from __future__ import annotations

from typing import Any, Callable, Mapping

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold

Objective = Callable[[Mapping[str, Any]], float]


def gbm_objective(X: np.ndarray, y: np.ndarray, folds: int = 3, seed: int = 0) -> Objective:
    cv = StratifiedKFold(folds, shuffle=True, random_state=seed)

    def evaluate(config: Mapping[str, Any]) -> float:
        losses = []
        for train, valid in cv.split(X, y):
            model = HistGradientBoostingClassifier(random_state=seed, early_stopping=True, **config)
            model.fit(X[train], y[train])
            losses.append(log_loss(y[valid], model.predict_proba(X[valid])))
        return float(np.mean(losses))

    return evaluate


def load(path: str) -> tuple[np.ndarray, np.ndarray]:
    with np.load(path) as data:
        return data["X"], data["y"]
