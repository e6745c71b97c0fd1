"""Looking up runs. New code should come here first."""

import logging
from typing import List, Optional

from mlflow.entities import Run, ViewType
from mlflow.tracking import MlflowClient

from infrastructure.tracking.mlflow import tag_keys as keys
from infrastructure.tracking.mlflow.index import RunIndex

logger = logging.getLogger(__name__)


def find_trial_run(client: MlflowClient, experiment_id: str, study_hash: str, trial_hash: str) -> Optional[Run]:
    """The newest finished run of one trial."""
    runs = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=(
            f"tags.`{keys.STUDY_KEY_HASH}` = '{study_hash}' and "
            f"tags.`{keys.TRIAL_KEY_HASH}` = '{trial_hash}' and attributes.status = 'FINISHED'"
        ),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def find_run(
    client: MlflowClient, experiment_id: str, key_hash: str, name: Optional[str], index: Optional[RunIndex] = None
) -> Optional[Run]:
    """By the cache, then by the key tag, then by the name."""
    if index is not None:
        cached = index.get(key_hash)
        if cached:
            return client.get_run(cached)
    hits = client.search_runs([experiment_id], f"tags.`{keys.RUN_KEY_HASH}` = '{key_hash}'", max_results=1)
    if hits:
        return hits[0]
    if name:
        hits = client.search_runs([experiment_id], f"attributes.run_name = '{name}'", max_results=1)
        if hits:
            logger.warning("Run %s was found by its name only", name)
            return hits[0]
    return None


def trials_of(client: MlflowClient, experiment_id: str, parent_run_id: str) -> List[Run]:
    """All trial runs below a parent."""
    found: List[Run] = []
    token = None
    while True:
        page = client.search_runs(
            [experiment_id],
            f"tags.mlflow.parentRunId = '{parent_run_id}'",
            run_view_type=ViewType.ACTIVE_ONLY,
            page_token=token,
        )
        found.extend(page)
        token = page.token
        if not token:
            return found


def trial_number(run: Run) -> Optional[int]:
    """The number of a trial, from the new tag or the old one."""
    raw = run.data.tags.get(keys.TRIAL_NUMBER) or run.data.tags.get("trial_number")
    try:
        return int(raw) if raw is not None else None
    except ValueError:
        return None
