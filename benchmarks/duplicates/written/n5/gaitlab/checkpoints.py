"""Find and load checkpoints."""

from __future__ import annotations

from pathlib import Path

import mlflow
from mlflow.entities import Run

from gaitlab.agent import Agent


def checkpoint_of(run: Run) -> tuple[int, str] | None:
    """Step and path of the last checkpoint of a run."""
    raw = run.data.tags.get("gait.checkpoint")
    if not raw:
        return None
    step, _, path = raw.partition(":")
    return int(step), path


def download(run: Run) -> Path:
    found = checkpoint_of(run)
    if found is None:
        raise LookupError(f"{run.info.run_id} has no checkpoint")
    return Path(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=found[1]))


def load_into(agent: Agent, run: Run) -> None:
    agent.loads(download(run).read_bytes())


def newest_with_checkpoint(experiment_id: str) -> Run | None:
    """The newest run that has a checkpoint at all."""
    runs = mlflow.search_runs(
        [experiment_id], order_by=["attributes.start_time DESC"], output_format="list"
    )
    for run in runs:
        if "gait.checkpoint" in run.data.tags:
            return run
    return None
