"""Run a pipeline without a kedro session, for tests and for notebooks."""

from __future__ import annotations

import uuid
from typing import Any

import kedro
import mlflow
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.runner import SequentialRunner

from flowtrack.config import load_config
from flowtrack.experiments import ensure_experiment


class TrackedRunner:
    """A SequentialRunner that tracks what it runs."""

    def __init__(self, env: str | None = None) -> None:
        self.env = env
        self.session_id = uuid.uuid4().hex

    def _tags(self, pipeline_name: str | None, nodes: list[str]) -> dict[str, str]:
        result = dict()
        result["flowtrack.pipeline"] = pipeline_name or "__default__"
        result["flowtrack.env"] = self.env if self.env else "local"
        result["flowtrack.kedro_version"] = kedro.__version__
        result["flowtrack.session_id"] = self.session_id
        result["flowtrack.nodes"] = ",".join(nodes)
        return result

    def run(
        self, pipeline: Pipeline, catalog: DataCatalog, name: str | None = None
    ) -> dict[str, Any]:
        experiment_id = ensure_experiment(mlflow.MlflowClient(), load_config())
        nodes = [node.name for node in pipeline.nodes]
        with mlflow.start_run(experiment_id=experiment_id, run_name=name):
            mlflow.set_tags(self._tags(name, nodes))
            return SequentialRunner().run(pipeline, catalog)

    def describe(self, catalog: DataCatalog) -> None:
        mlflow.set_tags(
            {
                "catalog.size": str(len(catalog.list())),
                "catalog.params": str(len([n for n in catalog.list() if n.startswith("params:")])),
                "catalog.env": self.env or "local",
            }
        )
