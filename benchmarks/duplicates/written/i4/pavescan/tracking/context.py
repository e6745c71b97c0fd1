"""Opening runs, only on the first rank."""

import logging
import os
from typing import Dict, Optional

import mlflow
from mlflow import MlflowClient

from pavescan import vcs
from pavescan.config import TrainConfig

log = logging.getLogger(__name__)


def is_rank_zero() -> bool:
    return int(os.environ.get("RANK", os.environ.get("LOCAL_RANK", "0"))) == 0


def code_and_data_tags(config: TrainConfig) -> Dict[str, str]:
    return {
        "dataset.name": config.dataset,
        "dataset.version": config.dataset_version,
        "git.commit": vcs.commit(),
        "git.dirty": str(vcs.dirty()).lower(),
        "world_size": os.environ.get("WORLD_SIZE", "1"),
    }


def experiment_id(name: str, artifact_root: Optional[str] = None) -> str:
    client = MlflowClient()
    existing = client.get_experiment_by_name(name)
    if existing is None:
        location = f"{artifact_root}/{name}" if artifact_root else None
        return client.create_experiment(name, artifact_location=location)
    return existing.experiment_id


def open_run(config: TrainConfig, run_id: Optional[str] = None) -> Optional[str]:
    """Resume a run or start a new one; other ranks get None."""
    if not is_rank_zero():
        return None
    if run_id:
        log.info("Resuming %s", run_id)
        return mlflow.start_run(run_id=run_id).info.run_id
    run = mlflow.start_run(
        experiment_id=experiment_id(config.experiment, config.artifact_root),
        run_name=f"{config.backbone}-{config.dataset_version}",
        tags=code_and_data_tags(config),
    )
    return run.info.run_id
