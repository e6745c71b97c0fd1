"""Finding and describing runs."""
from __future__ import annotations

import logging
from typing import Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from ticketlm import names, vcs
from ticketlm.config import Config
from ticketlm.data import file_hash

logger = logging.getLogger(__name__)


def origin_tags(config: Config) -> dict[str, str]:
    """Where a run comes from."""
    return {
        names.COMMIT: vcs.commit(),
        names.DATA_HASH: file_hash(config.train_file),
        names.BASE_MODEL: config.base_model,
        names.CONFIG_HASH: config.hash,
    }


def resumable(config: Config) -> Optional[Run]:
    """The newest run of the same config that was killed or failed."""
    client = MlflowClient()
    experiment = client.get_experiment_by_name(config.experiment)
    if experiment is None:
        return None
    found = client.search_runs(
        [experiment.experiment_id],
        filter_string=f"tags.`{names.CONFIG_HASH}` = '{config.hash}' and attributes.status != 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return found[0] if found else None


def best(task: str, metric: str = names.METRIC) -> Run:
    """The best finished run of a task."""
    client = MlflowClient()
    experiment = client.get_experiment_by_name(f"ticketlm/{task}")
    if experiment is None:
        raise LookupError(task)
    runs = client.search_runs(
        experiment.experiment_id, "status = 'FINISHED'", order_by=[f"metrics.{metric} DESC"], max_results=1
    )
    if not runs:
        raise LookupError(f"no finished run for {task}")
    return runs[0]


def last_checkpoint(run: Run) -> tuple[int, str] | None:
    """Step and path of the last checkpoint that was written."""
    value = run.data.tags.get(names.CHECKPOINT)
    if not value:
        return None
    step, _, path = value.partition("@")
    return int(step), path


def find_stage(task: str, stage: str, commit: str, data_hash: str) -> Optional[str]:
    """The run of an earlier stage on the same code and data."""
    clauses = [
        f"tags.`{names.STAGE}` = '{stage}'",
        f"tags.`{names.COMMIT}` = '{commit}'",
        f"tags.`{names.DATA_HASH}` = '{data_hash}'",
        "attributes.status = 'FINISHED'",
    ]
    rows = mlflow.search_runs(
        experiment_names=[f"ticketlm/{task}"], filter_string=" and ".join(clauses), output_format="list"
    )
    if not rows:
        return None
    return rows[0].info.run_id


def best_of_task(task: str) -> str:
    return best(task).info.run_id
