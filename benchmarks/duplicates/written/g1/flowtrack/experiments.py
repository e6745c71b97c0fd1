"""Work with experiments."""

from __future__ import annotations

import logging

from mlflow.entities import Experiment
from mlflow.tracking import MlflowClient

from flowtrack.config import TrackingConfig

log = logging.getLogger(__name__)


def ensure_experiment(client: MlflowClient, config: TrackingConfig) -> str:
    """Give the id of the experiment of the settings; create or restore it when needed."""
    wanted = config.experiment
    experiment = client.get_experiment_by_name(wanted.name)
    if experiment is None:
        log.info("creating experiment %s", wanted.name)
        return client.create_experiment(
            wanted.name, artifact_location=wanted.artifact_location
        )
    if experiment.lifecycle_stage == "deleted" and wanted.restore_if_deleted:
        client.restore_experiment(experiment.experiment_id)
    return experiment.experiment_id


def require_experiment(client: MlflowClient, name: str) -> Experiment:
    """Give an experiment that has to exist already."""
    experiment = client.get_experiment_by_name(name)
    if experiment is None or experiment.lifecycle_stage != "active":
        raise KeyError(f"no active experiment {name!r}; run the pipeline once before")
    return experiment


def rename_experiment(client: MlflowClient, old: str, new: str) -> None:
    experiment = require_experiment(client, old)
    client.rename_experiment(experiment.experiment_id, new)
