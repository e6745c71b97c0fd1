"""Experiments of a team."""

from __future__ import annotations

import logging
from typing import Dict, List, Optional

from mlflow.entities import Experiment
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode
from mlflow.tracking import MlflowClient

from substation_ml.config import Settings
from substation_ml.constants import TAG_COST, TAG_OWNER, TAG_TEAM
from substation_ml.errors import NotFound

log = logging.getLogger(__name__)


class Experiments:
    def __init__(self, client: MlflowClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def ensure(self, project: str) -> str:
        """Id of the project's experiment; made with the team tag when missing."""
        name = self._settings.experiment_name(project)
        experiment = self._client.get_experiment_by_name(name)
        if experiment is not None:
            return experiment.experiment_id
        try:
            return self._client.create_experiment(name, tags={TAG_TEAM: self._settings.team})
        except MlflowException as e:
            if e.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
                raise
            return self._client.get_experiment_by_name(name).experiment_id

    def get(self, project: str) -> Experiment:
        experiment = self._client.get_experiment_by_name(self._settings.experiment_name(project))
        if experiment is None:
            raise NotFound(project)
        return experiment

    def label(self, project: str, owner: str, cost_centre: str, extra: Optional[Dict[str, str]] = None) -> None:
        experiment = self.get(project)
        tags = {TAG_TEAM: self._settings.team, TAG_OWNER: owner, TAG_COST: cost_centre}
        tags.update(extra or {})
        for key, value in tags.items():
            self._client.set_experiment_tag(experiment.experiment_id, key, value)

    def projects(self) -> List[str]:
        prefix = self._settings.experiment_name("")
        found = self._client.search_experiments(filter_string=f"name LIKE '{prefix}%'")
        return [e.name[len(prefix) :] for e in found]
