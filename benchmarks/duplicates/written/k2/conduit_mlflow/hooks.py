"""Hooks around pipelines and nodes."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path
from typing import Any

import mlflow
from mlflow.entities import RunStatus

from conduit_mlflow import gitinfo
from conduit_mlflow.config import TrackingContext
from conduit_mlflow.datasets import MetricsDataset, ModelDataset
from conduit_mlflow.pipeline import Catalog, Node, Pipeline

logger = logging.getLogger(__name__)


def flatten(params: dict[str, Any], sep: str, prefix: str = "") -> dict[str, Any]:
    """Nested dicts as one level with joined keys."""
    flat: dict[str, Any] = {}
    for key, value in params.items():
        name = f"{prefix}{sep}{key}" if prefix else str(key)
        if isinstance(value, dict):
            flat.update(flatten(value, sep, name))
        else:
            flat[name] = value
    return flat


def run_tags(session_id: str, pipeline: str, env: str, root: Path) -> dict[str, str]:
    """The tags that each pipeline run has."""
    return {
        "conduit.session_id": session_id,
        "conduit.pipeline": pipeline,
        "conduit.env": env,
        "mlflow.source.git.commit": gitinfo.commit(root),
    }


class TrackingHooks:
    """Starts a run with the pipeline and ends it with it."""

    def __init__(self, root: Path, env: str = "base") -> None:
        self.root = root
        self.env = env
        self.context: TrackingContext | None = None
        self._enabled = True
        self._started: dict[str, float] = {}

    def after_context_created(self) -> None:
        """Read the config and set MLflow up."""
        self.context = TrackingContext.from_project(self.root, self.env)
        self.context.setup()

    def before_pipeline_run(self, run_params: dict[str, Any], pipeline: Pipeline, catalog: Catalog) -> None:
        """Open the run of the pipeline."""
        assert self.context is not None
        if pipeline.name in self.context.disabled_pipelines:
            self._enabled = False
            return
        options = self.context.run
        if options.id:
            mlflow.start_run(run_id=options.id, nested=options.nested)
        else:
            mlflow.start_run(run_name=options.name or pipeline.name, nested=options.nested)
        mlflow.set_tags(run_tags(run_params["session_id"], pipeline.name, self.env, self.root))
        mlflow.set_tag("conduit.nodes", json.dumps([n.name for n in pipeline.nodes]))
        active = mlflow.active_run()
        for _, dataset in catalog.items():
            if isinstance(dataset, (MetricsDataset, ModelDataset)) and dataset.run_id is None:
                dataset.run_id = active.info.run_id

    def before_node_run(self, node: Node, inputs: dict[str, Any]) -> None:
        """Log the parameters that the node gets."""
        self._started[node.name] = time.monotonic()
        if not self._enabled:
            return
        assert self.context is not None
        params = {k.split(":", 1)[1]: v for k, v in inputs.items() if k.startswith("params:")}
        if self.context.params.flatten:
            params = flatten(params, self.context.params.sep)
        limit = self.context.params.max_length
        for key, value in params.items():
            mlflow.log_param(key, str(value)[:limit])

    def after_node_run(self, node: Node) -> None:
        """Log how long the node took."""
        seconds = time.monotonic() - self._started.pop(node.name, time.monotonic())
        if self._enabled:
            mlflow.log_metric(f"seconds.{node.name}", seconds)

    def after_pipeline_run(self) -> None:
        """Close the run."""
        if self._enabled:
            mlflow.end_run()

    def on_pipeline_error(self, error: Exception) -> None:
        """Close all open runs as failed."""
        while mlflow.active_run() is not None:
            mlflow.set_tag("conduit.error", repr(error)[:250])
            mlflow.end_run(RunStatus.to_string(RunStatus.FAILED))
