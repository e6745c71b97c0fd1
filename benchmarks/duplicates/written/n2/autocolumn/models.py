"""The models that are tried, with their default parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable

from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestRegressor
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor


@dataclass(frozen=True)
class Candidate:
    """One model to try."""

    id: str
    name: str
    build: Callable[..., Any]
    params: dict[str, Any] = field(default_factory=dict)

    def make(self) -> Any:
        return self.build(**self.params)


REGRESSION = (
    Candidate("ridge", "Ridge Regression", Ridge),
    Candidate("knn", "K Neighbors", KNeighborsRegressor),
    Candidate("rf", "Random Forest", RandomForestRegressor, {"n_estimators": 200}),
    Candidate("et", "Extra Trees", ExtraTreesRegressor, {"n_estimators": 200}),
)

CLASSIFICATION = (
    Candidate("lr", "Logistic Regression", LogisticRegression, {"max_iter": 500}),
    Candidate("knn", "K Neighbors", KNeighborsClassifier),
    Candidate("rf", "Random Forest", RandomForestClassifier, {"n_estimators": 200}),
    Candidate("et", "Extra Trees", ExtraTreesClassifier, {"n_estimators": 200}),
)


def candidates(kind: str, include: list[str] | None = None) -> list[Candidate]:
    if kind not in ("regression", "classification"):
        raise ValueError(kind)
    every = REGRESSION if kind == "regression" else CLASSIFICATION
    return [c for c in every if include is None or c.id in include]
