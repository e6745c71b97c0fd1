"""Runs and experiments by name or key."""

from __future__ import annotations

from typing import Optional

from mlflow.entities import Run, ViewType
from mlflow.tracking import MlflowClient

TAG_PIPELINE = "loomstep.pipeline"
TAG_KEY = "loomstep.run_key"
TAG_STEP = "loomstep.step"
TAG_ATTEMPT = "loomstep.attempt"
TAG_KIND = "loomstep.kind"


def quote(text: str) -> str:
    return text.replace("'", "\\'")


def ensure_experiment(client: MlflowClient, name: str, artifact_root: Optional[str] = None) -> str:
    """Id of the experiment; made with the artifact root when missing."""
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        return client.create_experiment(name, artifact_location=artifact_root)
    return experiment.experiment_id


def pipeline_run(client: MlflowClient, experiment_id: str, run_key: str) -> Optional[Run]:
    """The run of a pipeline run, by its key."""
    runs = client.search_runs(
        [experiment_id],
        filter_string=f"tags.`{TAG_KEY}` = '{quote(run_key)}' and tags.`{TAG_KIND}` = 'pipeline'",
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=1,
    )
    return runs[0] if runs else None


def step_runs(client: MlflowClient, experiment_id: str, parent_id: str) -> list:
    """The runs of all steps."""
    return client.search_runs(
        [experiment_id], f"tags.mlflow.parentRunId = '{parent_id}'", order_by=["start_time ASC"]
    )


def last_success(client: MlflowClient, experiment_id: str, pipeline: str) -> Optional[Run]:
    """The newest pipeline run that ended well."""
    flt = " and ".join(
        (
            f"tags.`{TAG_PIPELINE}` = '{quote(pipeline)}'",
            f"tags.`{TAG_KIND}` = 'pipeline'",
            "attributes.status = 'FINISHED'",
        )
    )
    page = client.search_runs([experiment_id], flt, order_by=["attributes.start_time DESC"], max_results=1)
    for run in page:
        return run
    return None


def last_failure(client: MlflowClient, experiment_id: str, pipeline: str) -> Optional[Run]:
    failed = client.search_runs(
        [experiment_id],
        f"tags.`{TAG_PIPELINE}` = '{quote(pipeline)}' and attributes.status = 'FAILED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return failed[0] if failed else None
