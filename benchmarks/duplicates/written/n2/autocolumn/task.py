"""The class that users call."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pandas as pd
from sklearn.model_selection import cross_val_score, train_test_split

from autocolumn.loggers import make_logger
from autocolumn.models import candidates


class Tabular:
    """Try all models on a table and keep the best one."""

    def __init__(
        self,
        target: str,
        kind: str = "regression",
        folds: int = 5,
        logger: str | None = None,
        experiment: str = "autocolumn",
        include: list[str] | None = None,
        **logger_options: Any,
    ) -> None:
        self.target = target
        self.kind = kind
        self.folds = folds
        self.include = include
        self.experiment = experiment
        self.logger = make_logger(logger, **logger_options)
        self.session_id = uuid.uuid4().hex[:8]
        self.results: list[dict[str, Any]] = []
        self.best_model: Any = None

    @property
    def setup(self) -> dict[str, Any]:
        return {
            "session_id": self.session_id,
            "kind": self.kind,
            "target": self.target,
            "folds": self.folds,
        }

    def fit(self, frame: pd.DataFrame) -> "Tabular":
        features = frame.drop(columns=[self.target])
        train_x, _, train_y, _ = train_test_split(
            features, frame[self.target], test_size=0.2, random_state=0
        )
        self.logger.init_experiment(self.experiment, self.setup)
        best = float("-inf")
        for candidate in candidates(self.kind, self.include):
            self.logger.start_model(candidate.id, candidate.name, self.setup)
            began = time.perf_counter()
            try:
                model = candidate.make()
                score = float(cross_val_score(model, train_x, train_y, cv=self.folds).mean())
                model.fit(train_x, train_y)
            except ValueError:
                self.logger.finish(ok=False)
                continue
            seconds = time.perf_counter() - began
            self.logger.log_params(model.get_params())
            self.logger.log_metrics({"cv_score": score, "fit_seconds": seconds})
            self.logger.log_model(model)
            self.logger.finish()
            self.results.append({"model": candidate.id, "cv_score": score, "seconds": seconds})
            if score > best:
                best, self.best_model = score, model
        return self

    def leaderboard(self) -> pd.DataFrame:
        return pd.DataFrame(self.results).sort_values("cv_score", ascending=False)
