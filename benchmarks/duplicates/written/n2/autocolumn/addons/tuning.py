"""Tune one model with optuna; each trial is a child run."""

from __future__ import annotations

from typing import Any, Callable

import mlflow
import optuna

from autocolumn.loggers.mlflow_logger import MlflowLogger


class Tuner:
    """Tunes the parameters of one model of a session."""

    def __init__(self, logger: MlflowLogger, setup: dict[str, Any]) -> None:
        self.logger = logger
        self.setup = setup

    def resume_or_start(self, model: str):
        session = self.setup["session_id"]
        hits = self.logger._client.search_runs(
            self.logger.experiment_id,
            " AND ".join(
                (f"tags.Session='{session}'", f"tags.Model='{model}'", "status != 'FINISHED'")
            ),
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        for run in hits:
            return mlflow.start_run(run.info.run_id)
        return mlflow.start_run(
            tags=dict(Session=session, Model=model), experiment_id=self.logger.experiment_id
        )

    def tune(self, model: str, space: Callable[[optuna.Trial], dict], score: Callable) -> dict:
        study = optuna.create_study(direction="maximize")
        with self.resume_or_start(model):

            def objective(trial: optuna.Trial) -> float:
                params = space(trial)
                with mlflow.start_run(run_name=f"trial-{trial.number}", nested=True):
                    mlflow.log_params(params)
                    value = score(params)
                    mlflow.log_metric("cv_score", value)
                return value

            study.optimize(objective, n_trials=30)
            mlflow.log_metric("cv_score", study.best_value)
        return study.best_params
