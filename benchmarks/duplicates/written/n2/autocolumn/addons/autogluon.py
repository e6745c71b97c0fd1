"""A predictor of AutoGluon as one more model of a session."""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd
from autogluon.tabular import TabularPredictor
from mlflow.tracking import MlflowClient


class GluonModel:
    """Fit AutoGluon and log each of its models."""

    def __init__(self, experiment: str, setup: dict[str, Any]) -> None:
        self.client = MlflowClient()
        self.setup = setup
        found = self.client.get_experiment_by_name(experiment)
        if found is not None and found.lifecycle_stage == "deleted":
            self.client.restore_experiment(found.experiment_id)
        self.exp_id = found.experiment_id if found else self.client.create_experiment(experiment)

    def fit(self, frame: pd.DataFrame, seconds: int = 300) -> TabularPredictor:
        predictor = TabularPredictor(label=self.setup["target"])
        predictor.fit(frame, time_limit=seconds)
        board = predictor.leaderboard(frame)
        for row in board.itertuples():
            self._one(row)
        return predictor

    def _one(self, row: Any) -> None:
        tags = {"Source": "autogluon", "Session": self.setup["session_id"]}
        active = mlflow.active_run()
        if active is not None:
            tags["mlflow.parentRunId"] = active.info.run_id
        run = self.client.create_run(self.exp_id, tags=tags, run_name=f"AG {row.model}")
        self.client.log_metric(run.info.run_id, "cv_score", row.score_val)
        self.client.set_terminated(run.info.run_id)
