"""Experiments for the web layer."""

from __future__ import annotations

from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from tidewater.settings import Settings


class ExperimentService:
    """All on experiments, with a client that is given."""

    def __init__(self, mlflow_client: MlflowClient, settings: Settings) -> None:
        self.mlflow_client = mlflow_client
        self.settings = settings

    def resolve(self, name: str) -> str:
        """Name to id. An experiment that was deleted comes back."""
        try:
            return self.mlflow_client.create_experiment(
                name, artifact_location=self.settings.artifact_location(name)
            )
        except MlflowException as exc:
            if exc.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        existing = self.mlflow_client.get_experiment_by_name(name)
        if existing.lifecycle_stage == "deleted":
            self.mlflow_client.restore_experiment(existing.experiment_id)
        return existing.experiment_id

    def rename(self, old: str, new: str) -> None:
        """Give another name to an experiment."""
        experiment = self.mlflow_client.get_experiment_by_name(old)
        if experiment is None:
            return
        self.mlflow_client.rename_experiment(experiment.experiment_id, new)

    def summary(self) -> list[dict[str, Any]]:
        """All experiments of the project with the number of their runs."""
        rows = []
        for experiment in self.mlflow_client.search_experiments(
            filter_string=f"tags.`tidewater.project` = '{self.settings.project}'"
        ):
            runs = self.mlflow_client.search_runs([experiment.experiment_id], max_results=1000)
            rows.append({"name": experiment.name, "runs": len(runs)})
        return rows
