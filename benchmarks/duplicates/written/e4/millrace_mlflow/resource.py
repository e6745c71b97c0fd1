"""The resource for assets, which may run in more than one process."""

from __future__ import annotations

import os
from itertools import islice
from typing import Any, Iterator

from millrace_mlflow.config import MlflowConfig
from millrace_mlflow.protocol import PipelineRun, commit, flatten


class MlflowMeta(type):
    """Passes all that is not known on to the module mlflow."""

    def __getattr__(cls, name: str) -> Any:
        import mlflow

        return getattr(mlflow, name)


class MlflowResource(metaclass=MlflowMeta):
    """One per process. All processes of a pipeline run share one MLflow run."""

    def __init__(self, config: MlflowConfig, pipeline_run: PipelineRun) -> None:
        import mlflow

        self.mlflow = mlflow
        self.config = config
        self.pipeline_run = pipeline_run
        self.tracking_client: Any = None
        self.run_id: str | None = None

    @property
    def client(self) -> Any:
        if self.tracking_client is None:
            self.tracking_client = self.mlflow.MlflowClient(self.config.tracking_uri)
        return self.tracking_client

    def get_experiment_id(self) -> str:
        """The id of the experiment of the config."""
        name = self.config.experiment.name
        existing = self.client.get_experiment_by_name(name)
        if not existing:
            return self.client.create_experiment(name, self.config.experiment.artifact_location)
        if existing.lifecycle_stage != "active":
            if not self.config.experiment.restore_if_deleted:
                raise ValueError(f"experiment {name} is deleted")
            self.client.restore_experiment(existing.experiment_id)
        return existing.experiment_id

    def current_run_id(self, experiment_id: str) -> str | None:
        """The run that another process of this pipeline run has made."""
        pipeline_run_id = self.pipeline_run.run_id
        current = self.client.search_runs(
            [experiment_id], f"tags.`millrace.run_id`='{pipeline_run_id}'"
        )
        return next((run.info.run_id for run in current), None)

    def setup(self) -> None:
        """Start or join the run."""
        self.config.setup()
        experiment_id = self.get_experiment_id()
        self.run_id = self.current_run_id(experiment_id)
        if self.run_id is None:
            run = self.client.create_run(
                experiment_id, run_name=self.pipeline_run.pipeline, tags=self.run_tags()
            )
            self.run_id = run.info.run_id
        os.environ["MLFLOW_RUN_ID"] = self.run_id
        self.mlflow.start_run(run_id=self.run_id)

    def run_tags(self) -> dict[str, str]:
        """The tags of the run."""
        tags = {f"millrace.{key}": getattr(self.pipeline_run, key) for key in ("run_id", "pipeline", "env")}
        tags["millrace.commit"] = commit()
        return tags

    def log_params(self) -> None:
        """Log the params of the pipeline in parts of 100."""
        flat = iter(flatten(self.pipeline_run.params).items())
        while part := dict(islice(flat, 100)):
            self.mlflow.log_params(part)

    def upstream_metric(self, pipeline: str, metric: str) -> float | None:
        """A metric of the newest finished run of another pipeline."""
        found = self.client.search_runs(
            [self.get_experiment_id()],
            f"tags.`millrace.pipeline` = '{pipeline}' and attributes.status = 'FINISHED'",
            order_by=["attributes.end_time DESC"],
            max_results=1,
        )
        return found[0].data.metrics.get(metric) if found else None

    def node_runs(self) -> Iterator[Any]:
        """The nested runs of this pipeline run."""
        yield from self.client.search_runs(
            [self.get_experiment_id()], f"tags.`mlflow.parentRunId` = '{self.run_id}'"
        )

    def teardown(self, error: BaseException | None = None) -> None:
        """Leave the run; the first process ends it."""
        os.environ.pop("MLFLOW_RUN_ID", None)
        self.mlflow.end_run("FAILED" if error else "FINISHED")
