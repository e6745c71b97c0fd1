"""Reading the registry. New code should use these."""
from __future__ import annotations

import logging
from dataclasses import dataclass

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException, RestException

from fraudscore import constants as c

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    threshold: float
    features: tuple[str, ...]


def champion_run(client: MlflowClient | None = None, model: str = c.MODEL) -> Run:
    """The run that made the champion."""
    client = client or MlflowClient()
    try:
        version = client.get_model_version_by_alias(model, c.CHAMPION)
    except (MlflowException, RestException) as error:
        raise LookupError(f"{model} has no champion") from error
    return client.get_run(version.run_id)


def decision_of(run: Run) -> Decision:
    """What the service needs to know to decide."""
    tags = run.data.tags
    threshold = float(tags.get(c.TAG_THRESHOLD, c.DEFAULT_THRESHOLD))
    features = tuple(name.strip() for name in tags.get(c.TAG_FEATURES, "").split(",") if name.strip())
    return Decision(threshold, features)


def experiment_id(client: MlflowClient, name: str) -> str:
    """Id of an experiment that can be used, whatever state it was in."""
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        return client.create_experiment(name)
    if experiment.lifecycle_stage == "deleted":
        logger.warning("restoring %s", name)
        client.restore_experiment(experiment.experiment_id)
    return experiment.experiment_id


def previous_versions(client: MlflowClient, model: str = c.MODEL) -> list[str]:
    found = client.search_model_versions(f"name = '{model}'")
    return [version.version for version in sorted(found, key=lambda v: int(v.version), reverse=True)]
