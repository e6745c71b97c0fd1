"""Checkpoints as artifacts of runs."""

from __future__ import annotations

import logging
import pickle
import tempfile
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

CKPT_TAG = "lantern.checkpoint"


def _client() -> Any:
    from mlflow import MlflowClient

    return MlflowClient()


def save(run_id: str, state: dict[str, Any], name: str = "last.pkl") -> None:
    """Save a state as an artifact and note its name on the run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(pickle.dumps(state))
        _client().log_artifact(run_id, str(path), "checkpoints")
    _client().set_tag(run_id, CKPT_TAG, name)


def load(run_id: str) -> dict[str, Any]:
    """Load the checkpoint that the run notes."""
    client = _client()
    name = client.get_run(run_id).data.tags[CKPT_TAG]
    local = client.download_artifacts(run_id, f"checkpoints/{name}")
    return pickle.loads(Path(local).read_bytes())


def newest_with_checkpoint(experiment_id: str) -> str | None:
    """The newest run of an experiment that has a checkpoint, finished or not."""
    runs = _client().search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.`{CKPT_TAG}` != ''",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        log.info("no checkpoint in experiment %s", experiment_id)
        return None
    return runs[0].info.run_id


def prune(experiment_id: str, keep: int = 5) -> int:
    """Delete all but the newest failed runs of an experiment."""
    client = _client()
    failed = client.search_runs(
        [experiment_id], "attributes.status = 'FAILED'", order_by=["attributes.start_time DESC"]
    )
    for run in failed[keep:]:
        client.delete_run(run.info.run_id)
    return max(len(failed) - keep, 0)
