"""Functions for notebooks: which runs are there?"""

from __future__ import annotations

import mlflow
import pandas as pd
from mlflow import MlflowClient

from steadyflow import vcs


def run_of_commit(experiment: str, sha: str | None = None):
    """The newest run of a commit; the commit of the checkout when none is given."""
    sha = sha or vcs.sha()
    runs = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.`git.sha` = '{sha}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
        output_format="list",
    )
    if not runs:
        raise LookupError(f"no run of {sha[:8]} in {experiment}")
    return runs[0]


def node_runs(run_id: str) -> pd.DataFrame:
    """All nodes of a pipeline run."""
    run = mlflow.get_run(run_id)
    return mlflow.search_runs(
        [run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{run_id}'"
    )


def node_run(run_id: str, node: str):
    """The run of one node below a pipeline run."""
    client = MlflowClient()
    parent = client.get_run(run_id)
    hits = client.search_runs(
        [parent.info.experiment_id],
        f"tags.`mlflow.parentRunId` = '{run_id}' and tags.`steady.node` = '{node}'",
        max_results=1,
    )
    return hits[0] if hits else None


def parent_of(run_id: str) -> str | None:
    """The pipeline run of a node run; None for a pipeline run."""
    return mlflow.get_run(run_id).data.tags.get("mlflow.parentRunId")


def failed(experiment: str) -> list[str]:
    table = mlflow.search_runs(
        experiment_names=[experiment], filter_string="attributes.status = 'FAILED'"
    )
    return list(table["run_id"]) if len(table) else []


def origin(run) -> tuple[str, bool]:
    """Short sha of a run, and whether the checkout had changes."""
    tags = run.data.tags
    sha = tags.get("git.sha") or tags.get("mlflow.source.git.commit", "")
    return sha[:8], tags.get("git.dirty", "false") == "true"
