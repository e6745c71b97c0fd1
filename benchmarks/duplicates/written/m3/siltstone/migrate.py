"""Write the lineage of old runs anew: once it was kept in parameters."""

from __future__ import annotations

import json
import logging
from typing import Iterator

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)


def old_runs(client: MlflowClient, experiment_id: str) -> Iterator[Run]:
    token = None
    while True:
        page = client.search_runs([experiment_id], "params.data_digest != ''", page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def migrate(experiment_name: str, dry: bool = False) -> int:
    client = MlflowClient()
    experiment = client.get_experiment_by_name(experiment_name)
    if experiment is None:
        raise SystemExit(f"no experiment {experiment_name}")
    count = 0
    for run in old_runs(client, experiment.experiment_id):
        params = run.data.params
        if "siltstone.digest" in run.data.tags:
            continue
        new = {
            "siltstone.dataset": params.get("data_name", "unknown"),
            "siltstone.digest": params["data_digest"],
            "siltstone.uri": params.get("data_path", ""),
            "siltstone.parents": json.dumps([]),
        }
        if not dry:
            for key, value in new.items():
                client.set_tag(run.info.run_id, key, value)
        logger.info("migrated %s", run.info.run_id)
        count += 1
    return count


def forget(experiment_name: str, digest: str) -> int:
    """Delete every run of a version, for example after a request to delete data."""
    client = MlflowClient()
    experiment = client.get_experiment_by_name(experiment_name)
    runs = client.search_runs([experiment.experiment_id], f"tags.`siltstone.digest` = '{digest}'")
    for run in runs:
        client.delete_run(run.info.run_id)
    return len(runs)
