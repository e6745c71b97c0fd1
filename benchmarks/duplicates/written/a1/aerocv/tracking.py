"""Everything the package asks of the tracking server."""

from __future__ import annotations

import subprocess
from typing import Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

TAG_DATASET = "cv.dataset_fingerprint"
TAG_BACKBONE = "cv.backbone"
TAG_COMMIT = "cv.git_commit"
TAG_STAGE = "cv.stage"
TAG_FOLD = "cv.fold"
PARENT = "mlflow.parentRunId"


def git_commit() -> str:
    try:
        out = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return out.stdout.strip()


def ensure_experiment(client: MlflowClient, name: str) -> str:
    """Id of the experiment, created if it isn't there."""
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        return experiment.experiment_id
    return client.create_experiment(name)


def find_latest_run(client: MlflowClient, experiment: str) -> Optional[Run]:
    """The newest finished run of an experiment, or None."""
    found = client.get_experiment_by_name(experiment)
    if found is None:
        return None
    runs = client.search_runs(
        [found.experiment_id],
        filter_string="attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def find_run_of_dataset(client: MlflowClient, experiment_id: str, digest: str) -> Optional[Run]:
    runs = client.search_runs(
        [experiment_id],
        filter_string=f"tags.`{TAG_DATASET}` = '{digest}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        return None
    return runs[0]


def training_tags(digest: str, backbone: str, stage: str) -> dict[str, str]:
    return {
        TAG_DATASET: digest,
        TAG_BACKBONE: backbone,
        TAG_COMMIT: git_commit(),
        TAG_STAGE: stage,
    }


def backbone_of(run: Run) -> str:
    """Backbone of a run; runs before 0.5 have no tag and are all resnet50."""
    return run.data.tags.get(TAG_BACKBONE, "resnet50")


def folds_of(client: MlflowClient, parent: Run) -> list[Run]:
    return list(
        client.search_runs(
            [parent.info.experiment_id],
            filter_string=f"tags.`{PARENT}` = '{parent.info.run_id}'",
            max_results=200,
        )
    )


def latest_run_id(experiment: str) -> Optional[str]:
    run = find_latest_run(MlflowClient(), experiment)
    return run.info.run_id if run else None


def checked_run(run_id: str) -> Run:
    run = mlflow.get_run(run_id)
    if run.info.lifecycle_stage != "active":
        raise ValueError(f"run {run_id} is deleted")
    return run
