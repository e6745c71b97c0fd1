"""The estimators that a study may try."""

from __future__ import annotations

from typing import Any

from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

ESTIMATORS = {
    "forest": RandomForestClassifier,
    "boosting": GradientBoostingClassifier,
    "logistic": LogisticRegression,
}


def make(params: dict[str, Any]) -> Any:
    """An estimator from a point of the space."""
    params = dict(params)
    return ESTIMATORS[params.pop("estimator", "forest")](**params)


def fit_and_score(params: dict[str, Any], frame: Any, target: str, seed: int) -> dict[str, float]:
    """Fit one model and return its metrics."""
    x, y = frame.drop(columns=[target]), frame[target]
    x_train, x_val, y_train, y_val = train_test_split(x, y, random_state=seed, stratify=y)
    model = make(params).fit(x_train, y_train)
    return {
        "train_auc": float(roc_auc_score(y_train, model.predict_proba(x_train)[:, 1])),
        "val_auc": float(roc_auc_score(y_val, model.predict_proba(x_val)[:, 1])),
    }
