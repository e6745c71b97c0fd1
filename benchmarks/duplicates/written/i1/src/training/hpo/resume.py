"""Which trials of a stopped sweep are still to be done."""

import logging
from typing import List, Optional, Set

from mlflow.tracking import MlflowClient

from infrastructure.tracking.mlflow.finder import trials_of

_log = logging.getLogger("hpo.resume")


def sweep_parent(client: MlflowClient, experiment_id: str, study_hash: str) -> Optional[str]:
    """The parent run to go on with."""
    candidates = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string="tags.`code.stage` = 'hpo_sweep' AND tags.`code.study_key_hash` = '%s'" % study_hash,
        max_results=10,
    )
    if len(candidates) == 0:
        _log.info("No sweep to resume")
        return None
    newest = max(candidates, key=lambda run: run.info.start_time)
    return newest.info.run_id


def done_numbers(client: MlflowClient, experiment_id: str, parent_run_id: str) -> Set[int]:
    """Numbers of all finished trials."""
    numbers: Set[int] = set()
    for run in trials_of(client, experiment_id, parent_run_id):
        if run.info.status != "FINISHED":
            continue
        tags = run.data.tags
        value = tags.get("code.trial_number", tags.get("trial_number"))
        if value is None:
            continue
        try:
            number = int(value)
        except (TypeError, ValueError):
            continue
        numbers.add(number)
    return numbers


def missing_numbers(client: MlflowClient, experiment_id: str, study_hash: str, total: int) -> List[int]:
    parent = sweep_parent(client, experiment_id, study_hash)
    if parent is None:
        return list(range(total))
    done = done_numbers(client, experiment_id, parent)
    return [n for n in range(total) if n not in done]
