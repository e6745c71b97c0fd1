"""Helpers of the data platform team for Spark jobs."""

from __future__ import annotations

import json
from typing import Any

from mlops_utils.experiments import get_or_create_experiment

_mlflow: Any = None


def _lazy() -> Any:
    global _mlflow
    if _mlflow is None:
        import mlflow

        _mlflow = mlflow
    return _mlflow


class SparkJob:
    """A Spark job that logs what it read and wrote."""

    def __init__(self, experiment: str, app_name: str) -> None:
        self.app_name = app_name
        self._client = _lazy().MlflowClient()
        self.experiment_id = get_or_create_experiment(experiment)

    def open(self, job_id: str, cluster: str) -> str:
        run = self._client.create_run(
            self.experiment_id,
            run_name=self.app_name,
            tags={"spark.job_id": job_id, "spark.cluster": cluster, "spark.app": self.app_name},
        )
        return run.info.run_id

    def inputs(self, run_id: str) -> list[str]:
        """The tables that the runs before this one wrote."""
        tags = self._client.get_run(run_id).data.tags
        upstream = json.loads(tags["mlops.upstream"]) if tags.get("mlops.upstream") else []
        tables: list[str] = []
        for parent in upstream:
            written = self._client.get_run(parent).data.tags.get("spark.output_table")
            if written:
                tables.append(written)
        return tables

    def for_job(self, job_id: str) -> str | None:
        runs = self._client.search_runs(
            [self.experiment_id], f"tags.`spark.job_id` = '{job_id}'", max_results=1
        )
        return runs[0].info.run_id if runs else None
