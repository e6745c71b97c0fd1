"""Run a pipeline from a script, without the framework's own session."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import mlflow

from conduit_mlflow.config import TrackingContext
from conduit_mlflow.gitinfo import commit
from conduit_mlflow.pipeline import Catalog, Pipeline


class QuickSession:
    """A light session: no hooks, one run."""

    def __init__(self, root: Path, env: str = "base", context: TrackingContext | None = None) -> None:
        self.root = root
        self.env = env
        self.context = context or TrackingContext.from_project(root, env)
        self.id = uuid.uuid4().hex

    def _prepare(self) -> None:
        name = self.context.experiment.name
        if self.context.server.tracking_uri:
            mlflow.set_tracking_uri(self.context.server.tracking_uri)
        client = mlflow.MlflowClient()
        existing = client.get_experiment_by_name(name)
        if existing is None:
            client.create_experiment(name, self.context.experiment.artifact_location)
        elif existing.lifecycle_stage == "deleted":
            client.restore_experiment(existing.experiment_id)
        mlflow.set_experiment(name)

    def run(self, pipeline: Pipeline, catalog: Catalog) -> dict[str, Any]:
        """Run all nodes within one MLflow run."""
        self._prepare()
        tags = dict()
        tags["conduit.session_id"] = self.id
        tags["conduit.pipeline"] = pipeline.name
        tags["conduit.env"] = self.env
        tags["mlflow.source.git.commit"] = commit(self.root)
        memory: dict[str, Any] = {}
        with mlflow.start_run(run_name=pipeline.name, tags=tags):
            for node in pipeline.nodes:
                args = [memory[i] if i in memory else catalog.load(i) for i in node.inputs]
                result = node.func(*args)
                outputs = result if isinstance(result, tuple) else (result,)
                for name, value in zip(node.outputs, outputs):
                    memory[name] = value
                    catalog.save(name, value)
        return memory
