"""Find runs by what the user wrote: an id, a name or a pipeline."""

from __future__ import annotations

import json

from mlflow import MlflowClient
from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException

PIPELINE = "conduit.pipeline"
SESSION = "conduit.session_id"
NODES = "conduit.nodes"


class RunNotFound(LookupError):
    """No run fits."""


def run_by_name(client: MlflowClient, experiment_id: str, name: str) -> Run | None:
    """The newest run with this name."""
    runs = client.search_runs(
        [experiment_id],
        filter_string=f"tags.`mlflow.runName` = '{name}'",
        run_view_type=ViewType.ACTIVE_ONLY,
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def run_by_id(client: MlflowClient, run_id: str) -> Run | None:
    """The run with this id, if there is one."""
    try:
        return client.get_run(run_id)
    except MlflowException:
        return None


def resolve(client: MlflowClient, experiment_id: str, text: str) -> Run:
    """Take the text for an id first and for a name then."""
    run = run_by_id(client, text) or run_by_name(client, experiment_id, text)
    if run is None:
        raise RunNotFound(f"no run has the id or name {text!r}")
    return run


def last_of_pipeline(client: MlflowClient, experiment_id: str, pipeline: str) -> Run:
    """The last run of the pipeline that went well."""
    conditions = [f"tags.`{PIPELINE}` = '{pipeline}'", "attributes.status = 'FINISHED'"]
    found = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=" and ".join(conditions),
        order_by=["attributes.end_time DESC"],
        max_results=1,
    )
    if len(found) == 0:
        raise RunNotFound(pipeline)
    return found[0]


def nodes_of(run: Run) -> list[str]:
    """The nodes that a run went through."""
    text = run.data.tags.get(NODES)
    return json.loads(text) if text else []


def session_of(run: Run) -> str | None:
    """The session that made the run."""
    return run.data.tags.get(SESSION)
