"""What is different on Databricks."""

from __future__ import annotations

import functools
import logging
import os
import posixpath

logger = logging.getLogger(__name__)


def in_databricks() -> bool:
    """True in a notebook or job on Databricks."""
    return "DATABRICKS_RUNTIME_VERSION" in os.environ


@functools.lru_cache(maxsize=1)
def current_user() -> str:
    """The name of the user of the workspace."""
    from databricks.sdk import WorkspaceClient

    return WorkspaceClient().current_user.me().user_name


def workspace_path(name: str) -> str:
    """The path of an experiment in the workspace of the user."""
    if name.startswith("/"):
        return name
    return posixpath.join("/Users", current_user(), "judgebench", name)


def use_experiment(name: str) -> str:
    """Make an experiment active, with a workspace path on Databricks."""
    import mlflow

    if in_databricks():
        from databricks.sdk import WorkspaceClient

        name = workspace_path(name)
        WorkspaceClient().workspace.mkdirs(posixpath.dirname(name))
        mlflow.set_tracking_uri("databricks")
    experiment = mlflow.set_experiment(name)
    logger.info("experiment %s is %s", name, experiment.experiment_id)
    return experiment.experiment_id


def job_tags() -> dict[str, str]:
    """Tags on the job a process belongs to."""
    tags = {
        "judgebench.job_id": os.environ.get("DATABRICKS_JOB_ID", ""),
        "judgebench.job_run_id": os.environ.get("DATABRICKS_JOB_RUN_ID", ""),
        "judgebench.cluster": os.environ.get("DATABRICKS_CLUSTER_ID", ""),
    }
    return {key: value for key, value in tags.items() if value}


def run_url(host: str, experiment_id: str, run_id: str) -> str:
    """The page of a run."""
    return f"{host.rstrip('/')}/ml/experiments/{experiment_id}/runs/{run_id}"
