"""Evaluate a model on fresh data."""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd
from mlflow.entities import Run
from sklearn.metrics import accuracy_score, roc_auc_score

from lookout.drift import by_feature, worst
from lookout.meta import RunMeta
from lookout.store import RunStore


class Evaluator:
    """Scores the served model and logs an evaluation run."""

    def __init__(self, store: RunStore, model: str) -> None:
        self.store = store
        self.model = model
        self.run: Run = store.serving_run(model)
        self.meta = RunMeta.from_run(self.run)
        self._loaded: Any = None

    @property
    def loaded(self) -> Any:
        """The model, loaded once."""
        if self._loaded is None:
            self._loaded = mlflow.pyfunc.load_model(f"runs:/{self.run.info.run_id}/model")
        return self._loaded

    def scores(self, frame: pd.DataFrame, target: str) -> dict[str, float]:
        """Accuracy and AUC on labelled data."""
        columns = self.meta.features or [c for c in frame.columns if c != target]
        probabilities = self.loaded.predict(frame[columns])
        labels = probabilities >= self.meta.threshold
        return {
            "accuracy": float(accuracy_score(frame[target], labels)),
            "auc": float(roc_auc_score(frame[target], probabilities)),
        }

    def evaluate(self, reference: pd.DataFrame, fresh: pd.DataFrame, target: str) -> str:
        """Log an evaluation and return its run's id."""
        drifts = by_feature(reference, fresh, self.meta.features)
        feature, drift = worst(drifts)
        mlflow.set_experiment(self.store.settings.evaluation)
        with mlflow.start_run(
            run_name=f"eval-{self.model}",
            tags={
                "lookout.model": self.model,
                "lookout.source_run": self.run.info.run_id,
                "lookout.worst_feature": feature,
            },
        ) as active:
            mlflow.log_metrics(self.scores(fresh, target))
            mlflow.log_metric("drift", drift)
            mlflow.log_dict(drifts, "drift.json")
        return active.info.run_id

    def alarm(self) -> bool:
        """Whether the newest evaluation has drifted too far."""
        newest = self.store.latest_evaluation(self.model)
        if newest is None:
            return False
        return newest.data.metrics.get("drift", 0.0) > self.store.settings.drift_limit
