"""The hook that follows whole pipelines."""

from __future__ import annotations

import logging
from typing import Any

import mlflow
from mlflow.entities import RunStatus
from mlflow.tracking import MlflowClient

from millrace_mlflow.config import MlflowConfig, load_config
from millrace_mlflow.protocol import Node, PipelineRun, commit, flatten


class MlflowHook:
    """Starts and ends runs as the pipeline goes."""

    def __init__(self) -> None:
        self._is_enabled = True
        self.config: MlflowConfig | None = None
        self.experiment_id: str | None = None
        self.pipeline_run: PipelineRun | None = None

    @property
    def _logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    def after_context_created(self, context: Any) -> None:
        """Set up MLflow and find the experiment."""
        self.config = load_config(context.project_path / "conf" / "mlflow.yml")
        self.config.setup()
        client = MlflowClient()
        options = self.config.experiment
        mlflow_experiment = client.get_experiment_by_name(name=options.name)
        if mlflow_experiment is None:
            self.experiment_id = client.create_experiment(
                name=options.name, artifact_location=options.artifact_location
            )
        else:
            self.experiment_id = mlflow_experiment.experiment_id
            if mlflow_experiment.lifecycle_stage == "deleted":
                if not options.restore_if_deleted:
                    raise ValueError(f"experiment {options.name} is deleted")
                client.restore_experiment(mlflow_experiment.experiment_id)

    def _run_of(self, pipeline_run: PipelineRun) -> str | None:
        runs = MlflowClient().search_runs(
            experiment_ids=[self.experiment_id],
            filter_string=f"tags.`millrace.run_id` = '{pipeline_run.run_id}'",
            max_results=1,
        )
        if len(runs) > 0:
            return runs[0].info.run_id
        return None

    def before_pipeline_run(self, pipeline_run: PipelineRun) -> None:
        """Start the run of the pipeline, or go on with it in a retry."""
        assert self.config is not None
        self._is_enabled = self.config.is_enabled(pipeline_run.pipeline)
        if not self._is_enabled:
            return
        self.pipeline_run = pipeline_run
        run_id = None
        if pipeline_run.is_retry and self.config.run.resume:
            run_id = self._run_of(pipeline_run)
        mlflow.start_run(
            run_id=run_id,
            experiment_id=self.experiment_id,
            run_name=self.config.run.name or pipeline_run.pipeline,
        )
        mlflow.set_tag("millrace.run_id", pipeline_run.run_id)
        mlflow.set_tag("millrace.pipeline", pipeline_run.pipeline)
        mlflow.set_tag("millrace.env", pipeline_run.env)
        mlflow.set_tag("millrace.commit", commit())
        mlflow.log_params(flatten(pipeline_run.params))

    def before_node_run(self, node: Node) -> None:
        """Start the nested run of a node."""
        if not (self._is_enabled and self.config and self.config.run.nested):
            return
        mlflow.start_run(
            run_name=node.name,
            experiment_id=self.experiment_id,
            nested=True,
            tags={
                "millrace.node": node.name,
                "millrace.run_id": self.pipeline_run.run_id,
                "millrace.layer": node.layer,
                "millrace.node_tags": ",".join(sorted(node.tags)),
            },
        )

    def after_node_run(self, node: Node) -> None:
        if self._is_enabled and self.config and self.config.run.nested:
            mlflow.end_run()

    def on_node_error(self, node: Node, error: Exception) -> None:
        """Note the error on the run of the node and end it."""
        if not self._is_enabled:
            return
        mlflow.set_tag("millrace.error", repr(error)[:500])
        if self.config and self.config.run.nested:
            mlflow.end_run(RunStatus.to_string(RunStatus.FAILED))

    def after_pipeline_run(self, pipeline_run: PipelineRun) -> None:
        if self._is_enabled:
            mlflow.end_run()

    def on_pipeline_error(self, error: Exception) -> None:
        """End all runs that are open."""
        while mlflow.active_run():
            mlflow.end_run(RunStatus.to_string(RunStatus.FAILED))


mlflow_hook = MlflowHook()
