"""Hooks that the runner calls."""

from __future__ import annotations

import logging
from typing import Any

import mlflow
from mlflow.tracking import MlflowClient

from steadyflow import vcs
from steadyflow.pipeline import Node, Pipeline
from steadyflow.settings import Settings

logger = logging.getLogger(__name__)

PIPELINE_HASH = "steady.pipeline_hash"


class MlflowHook:
    """Writes pipelines and nodes to MLflow."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = MlflowClient(settings.tracking.uri)
        self.experiment_id = ""
        self.run_id = ""
        self._nodes: dict[str, str] = {}

    def after_context_created(self) -> None:
        mlflow.set_tracking_uri(self.settings.tracking.uri or "")
        self.experiment_id = self.get_experiment(self.settings.tracking.experiment)

    def get_experiment(self, name: str) -> str:
        found = self.client.get_experiment_by_name(name)
        if found is None:
            return self.client.create_experiment(name)
        if found.lifecycle_stage == "deleted":
            logger.warning("%s was deleted, it is restored", name)
            self.client.restore_experiment(found.experiment_id)
        return found.experiment_id

    def unfinished(self, pipeline_hash: str) -> str | None:
        """The run to go on with."""
        runs = self.client.search_runs(
            [self.experiment_id],
            f"tags.`{PIPELINE_HASH}` = '{pipeline_hash}' and attributes.status != 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if runs:
            return runs[0].info.run_id
        return None

    def before_pipeline_run(self, pipeline: Pipeline) -> None:
        pipeline_hash = pipeline.fingerprint()
        old = self.unfinished(pipeline_hash) if self.settings.tracking.resume else None
        if old is not None:
            run = mlflow.start_run(run_id=old)
        else:
            run = mlflow.start_run(
                experiment_id=self.experiment_id,
                run_name=pipeline.name,
                tags={PIPELINE_HASH: pipeline_hash, **vcs.ci_tags(), **self.settings.tracking.tags},
            )
        self.run_id = run.info.run_id

    def before_node_run(self, node: Node) -> None:
        if not self.settings.tracking.nodes_as_runs:
            return
        child = self.client.create_run(
            self.experiment_id,
            run_name=node.name,
            tags={
                "mlflow.parentRunId": self.run_id,
                "steady.node": node.name,
                "steady.node_hash": node.fingerprint(),
            },
        )
        self._nodes[node.name] = child.info.run_id

    def after_node_run(self, node: Node, outputs: dict[str, Any]) -> None:
        child = self._nodes.pop(node.name, None)
        if child is None:
            return
        for name, value in outputs.items():
            if isinstance(value, (int, float)):
                self.client.log_metric(child, name, value)
        self.client.set_terminated(child)

    def on_node_error(self, node: Node, error: Exception) -> None:
        child = self._nodes.pop(node.name, None)
        if child is not None:
            self.client.set_tag(child, "steady.error", repr(error)[:200])
            self.client.set_terminated(child, "FAILED")

    def after_pipeline_run(self, ok: bool) -> None:
        mlflow.end_run("FINISHED" if ok else "FAILED")
