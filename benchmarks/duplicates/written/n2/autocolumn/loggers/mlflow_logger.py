"""Logs with MLflow: one run for each model."""

from __future__ import annotations

import warnings
from typing import Any

import mlflow
import mlflow.sklearn
from mlflow.tracking.client import MlflowClient

from autocolumn.loggers.base import BaseLogger

MAX_PARAM = 250


class MlflowLogger(BaseLogger):
    """The MLflow logger of AutoColumn."""

    def __init__(self, tracking_uri: str | None = None, nested: bool = False) -> None:
        if tracking_uri:
            mlflow.set_tracking_uri(tracking_uri)
        self.nested = nested
        self.experiment_id: str | None = None
        self._client = MlflowClient()

    def init_experiment(self, name: str, setup: dict[str, Any]) -> None:
        exp = self._client.get_experiment_by_name(name)
        if exp is None:
            self.experiment_id = self._client.create_experiment(name)
        elif exp.lifecycle_stage == "deleted":
            warnings.warn(f"the experiment {name} was deleted and is restored", stacklevel=2)
            self._client.restore_experiment(exp.experiment_id)
            self.experiment_id = exp.experiment_id
        else:
            self.experiment_id = exp.experiment_id
        mlflow.set_experiment(experiment_id=self.experiment_id)

    def model_tags(self, model_id: str, setup: dict[str, Any]) -> dict[str, str]:
        return {
            "Source": "autocolumn",
            "Session": setup["session_id"],
            "Kind": setup["kind"],
            "Target": setup["target"],
            "Model": model_id,
            "Folds": str(setup.get("folds", 5)),
        }

    def start_model(self, model_id: str, title: str, setup: dict[str, Any]) -> None:
        mlflow.end_run()
        mlflow.start_run(experiment_id=self.experiment_id, run_name=title, nested=self.nested)
        mlflow.set_tags(self.model_tags(model_id, setup))

    def log_params(self, params: dict[str, Any]) -> None:
        mlflow.log_params({k: str(v)[:MAX_PARAM] for k, v in params.items()})

    def log_metrics(self, metrics: dict[str, float]) -> None:
        mlflow.log_metrics(metrics)

    def log_model(self, model: Any) -> None:
        mlflow.sklearn.log_model(model, "model")

    def finish(self, ok: bool = True) -> None:
        mlflow.end_run("FINISHED" if ok else "FAILED")

    def best(self, session: str, metric: str = "cv_score") -> str | None:
        """Id of the run with the best score of a session."""
        runs = self._client.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string=f"tags.Session = '{session}' and attributes.status = 'FINISHED'",
            order_by=[f"metrics.{metric} DESC"],
            max_results=1,
        )
        return runs[0].info.run_id if len(runs) > 0 else None
