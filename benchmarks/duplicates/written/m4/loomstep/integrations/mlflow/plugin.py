"""The plug-in for steps in one process."""

from __future__ import annotations

import logging
import time
from typing import Dict, Optional

import mlflow
from mlflow.entities import RunStatus
from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

from loomstep.core import Pipeline, Plugin, StepContext
from loomstep.integrations.mlflow import lookup
from loomstep.integrations.mlflow.settings import MLflowSettings

logger = logging.getLogger(__name__)


class MLflowPlugin(Plugin):
    def __init__(self, settings: Optional[MLflowSettings] = None) -> None:
        self.settings = settings or MLflowSettings()
        self.client = MlflowClient(self.settings.tracking_uri)
        self.experiment_id: Optional[str] = None
        self.parent_id: Optional[str] = None
        self._steps: Dict[str, str] = {}

    def pipeline_started(self, pipeline: Pipeline, run_key: str) -> None:
        self.experiment_id = lookup.ensure_experiment(
            self.client, self.settings.experiment, self.settings.artifact_root
        )
        self.close_stale()
        run = lookup.pipeline_run(self.client, self.experiment_id, run_key)
        if run is None:
            run = self.client.create_run(
                self.experiment_id,
                run_name=f"{pipeline.name}-{run_key[:8]}",
                tags={
                    lookup.TAG_PIPELINE: pipeline.name,
                    lookup.TAG_KEY: run_key,
                    lookup.TAG_KIND: "pipeline",
                    **self.settings.tags,
                },
            )
        self.parent_id = run.info.run_id

    def _step_tags(self, context: StepContext) -> Dict[str, str]:
        tags = {
            lookup.TAG_PIPELINE: context.pipeline,
            lookup.TAG_KEY: context.run_key,
            lookup.TAG_STEP: context.step,
            lookup.TAG_ATTEMPT: str(context.attempt),
            lookup.TAG_KIND: "step",
        }
        for label, value in context.labels.items():
            tags[f"loomstep.label.{label}"] = value
        return tags

    def _find_step(self, name: str) -> Optional[str]:
        hits = self.client.search_runs(
            [self.experiment_id],
            f"tags.{MLFLOW_PARENT_RUN_ID} = '{self.parent_id}' and tags.{MLFLOW_RUN_NAME} = '{name}'",
            max_results=1,
        )
        return hits[0].info.run_id if hits else None

    def step_started(self, context: StepContext) -> None:
        name = f"{context.pipeline}.{context.step}"
        run_id = self._find_step(name)
        if run_id is None:
            run = self.client.create_run(
                self.experiment_id,
                run_name=name,
                tags={**self._step_tags(context), MLFLOW_PARENT_RUN_ID: self.parent_id},
            )
            run_id = run.info.run_id
        else:
            self.client.update_run(run_id, status="RUNNING")
        self._steps[context.step] = run_id
        mlflow.start_run(run_id=run_id, nested=self.settings.nested)

    def step_ended(self, context: StepContext, error: Optional[BaseException]) -> None:
        self._steps.pop(context.step, None)
        mlflow.end_run("FAILED" if error else "FINISHED")

    def pipeline_ended(self, pipeline: Pipeline, run_key: str, error: Optional[BaseException]) -> None:
        self.client.set_terminated(self.parent_id, "FAILED" if error else "FINISHED")

    def close_stale(self) -> None:
        limit = int((time.time() - self.settings.stale_after_hours * 3600) * 1000)
        for run in self.client.search_runs([self.experiment_id], "attributes.status = 'RUNNING'"):
            if run.info.start_time < limit:
                logger.info("closing stale run %s", run.info.run_id)
                self.client.set_terminated(run.info.run_id, RunStatus.to_string(RunStatus.KILLED))
