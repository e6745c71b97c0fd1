"""Resume after preemption.

A training run is identified by the fingerprint of its config.  If there is an
unfinished run with the same fingerprint it is continued, else a new one starts.
"""
from __future__ import annotations

import logging
from typing import Optional

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

from tunekit.config import TrainConfig
from tunekit.slurm import slurm_tags

logger = logging.getLogger(__name__)

FINGERPRINT = "tunekit.fingerprint"
CHECKPOINT = "tunekit.last_checkpoint"
RESUMABLE = ("RUNNING", "KILLED", "FAILED")


def find_resumable(experiment_id: str, fingerprint: str) -> Optional[Run]:
    """Newest unfinished run of a fingerprint, or None."""
    client = MlflowClient()
    candidates = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.`{FINGERPRINT}` = '{fingerprint}' and attributes.status != 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return next(iter(candidates), None)


def find_completed(experiment_id: str, fingerprint: str) -> Optional[Run]:
    """Newest *finished* run of a fingerprint, so that the point can be skipped."""
    client = MlflowClient()
    candidates = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.`{FINGERPRINT}` = '{fingerprint}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return next(iter(candidates), None)


def checkpoint_of(run: Run) -> tuple[str, int] | None:
    """('path', step) from the tag 'path@step'."""
    raw = run.data.tags.get(CHECKPOINT)
    if raw is None:
        return None
    path, _, step = raw.rpartition("@")
    return path, int(step)


def start_or_resume(experiment_id: str, cfg: TrainConfig, name: str) -> mlflow.ActiveRun:
    fp = cfg.fingerprint()
    old = find_resumable(experiment_id, fp)
    if old is not None:
        logger.info("resuming %s (%s)", old.info.run_id, old.info.status)
        run = mlflow.start_run(run_id=old.info.run_id)
        mlflow.set_tags(slurm_tags())
        return run
    return mlflow.start_run(
        experiment_id=experiment_id,
        run_name=name,
        tags={FINGERPRINT: fp, "tunekit.base_model": cfg.base_model, "tunekit.dataset": cfg.dataset, **slurm_tags()},
    )
