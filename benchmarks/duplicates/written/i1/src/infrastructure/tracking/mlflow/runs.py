"""Making runs through the client, so that nothing is active by chance."""

import logging
import time
from typing import Dict, Optional

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from infrastructure.tracking.mlflow import tag_keys as keys

logger = logging.getLogger(__name__)


def create_child_run(
    client: MlflowClient,
    experiment_id: str,
    parent_run_id: str,
    name: str,
    tags: Optional[Dict[str, str]] = None,
) -> Run:
    """A run below another one."""
    all_tags = {keys.MLFLOW_PARENT: parent_run_id, keys.MLFLOW_RUN_NAME: name}
    all_tags.update(tags or {})
    run = client.create_run(experiment_id=experiment_id, tags=all_tags)
    return run


def finish(client: MlflowClient, run_id: str, ok: bool = True) -> None:
    client.set_terminated(run_id, status="FINISHED" if ok else "FAILED")


def close_stale(client: MlflowClient, experiment_id: str, hours: float = 24) -> int:
    """End runs that were left open."""
    limit = int((time.time() - hours * 3600) * 1000)
    closed = 0
    for run in client.search_runs([experiment_id], "attributes.status = 'RUNNING'"):
        if run.info.start_time < limit:
            client.set_terminated(run.info.run_id, "KILLED")
            closed += 1
    return closed
