"""The same hook for projects that still use Kedro."""

from __future__ import annotations

import hashlib
from typing import Any

import mlflow
from kedro.framework.hooks import hook_impl
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from steadyflow.vcs import ci_tags


def _get_or_create(client: MlflowClient, experiment_name: str) -> str:
    try:
        return client.create_experiment(experiment_name)
    except MlflowException:
        experiment = client.get_experiment_by_name(experiment_name)
        if experiment.lifecycle_stage == "deleted":
            client.restore_experiment(experiment.experiment_id)
        return experiment.experiment_id


class KedroMlflowHook:
    """Hook of Kedro."""

    def __init__(self, experiment: str) -> None:
        self.experiment = experiment
        self.client = MlflowClient()
        self.runs: dict[str, Any] = {}

    @hook_impl
    def before_pipeline_run(self, run_params: dict[str, Any], pipeline: Any) -> None:
        experiment_id = _get_or_create(self.client, self.experiment)
        digest = hashlib.sha1(pipeline.describe().encode()).hexdigest()[:16]
        query = "tags.`steady.pipeline_hash` = '%s'" % digest
        previous = mlflow.search_runs(
            [experiment_id], query, order_by=["start_time DESC"], output_format="list"
        )
        open_runs = [run for run in previous if run.info.status != "FINISHED"]
        run_id = open_runs[0].info.run_id if open_runs else None
        tags = ci_tags()
        tags["kedro.env"] = run_params.get("env") or "base"
        tags["kedro.pipeline"] = run_params.get("pipeline_name") or "__default__"
        tags["kedro.from_nodes"] = ",".join(run_params.get("from_nodes") or [])
        tags["kedro.version"] = run_params.get("kedro_version", "")
        tags["steady.pipeline_hash"] = digest
        mlflow.start_run(run_id=run_id, experiment_id=experiment_id)
        mlflow.set_tags(tags)

    @hook_impl
    def before_node_run(self, node: Any) -> None:
        parent = mlflow.active_run()
        tags = {"mlflow.parentRunId": parent.info.run_id, "mlflow.runName": node.name}
        tags["steady.node"] = node.name
        tags["steady.node_hash"] = hashlib.sha1(str(node).encode()).hexdigest()
        run = self.client.create_run(parent.info.experiment_id, tags=tags)
        self.runs[node.name] = run

    @hook_impl
    def after_node_run(self, node: Any) -> None:
        run = self.runs.pop(node.name)
        self.client.set_terminated(run.info.run_id)

    @hook_impl
    def after_pipeline_run(self) -> None:
        mlflow.end_run()

    @hook_impl
    def on_pipeline_error(self, error: Exception) -> None:
        mlflow.set_tag("kedro.error", type(error).__name__)
        mlflow.end_run("FAILED")
