"""Use FLAML for the search and write its trials as AutoColumn does."""

from __future__ import annotations

from typing import Any

import mlflow
from flaml import AutoML


def _experiment(name: str) -> str:
    experiment = mlflow.get_experiment_by_name(name)
    if not experiment:
        return mlflow.create_experiment(name)
    if experiment.lifecycle_stage != "active":
        mlflow.MlflowClient().restore_experiment(experiment.experiment_id)
    return experiment.experiment_id


class FlamlSearch:
    """A search with FLAML in place of the own one."""

    def __init__(self, setup: dict[str, Any], budget: int = 60) -> None:
        self.setup = setup
        self.budget = budget

    def fit(self, x: Any, y: Any, experiment: str) -> AutoML:
        automl = AutoML()
        automl.fit(
            x, y, task=self.setup["kind"], time_budget=self.budget, mlflow_logging=False
        )
        experiment_id = _experiment(experiment)
        for learner, loss in automl.best_loss_per_estimator.items():
            self._write(experiment_id, learner, loss, automl)
        return automl

    def _write(self, experiment_id: str, learner: str, loss: float, automl: AutoML) -> None:
        tags = dict(Source="autocolumn", Session=self.setup["session_id"])
        tags.update(Kind=self.setup["kind"], Target=self.setup["target"])
        tags["Model"] = learner
        tags["Folds"] = str(self.setup.get("folds") or 5)
        if mlflow.active_run():
            mlflow.end_run()
        mlflow.start_run(run_name=f"FLAML {learner}", experiment_id=experiment_id)
        for key, value in tags.items():
            mlflow.set_tag(key, value)
        mlflow.log_params(automl.best_config_per_estimator[learner] or {})
        mlflow.log_metric("cv_score", 1 - loss)
        mlflow.end_run()
