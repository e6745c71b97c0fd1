from __future__ import annotations

import logging

from mlflow.entities import LifecycleStage
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode
from mlflow.tracking import MlflowClient

from ..decorators import retry
from ..settings import Settings

logger = logging.getLogger(__name__)


class ExperimentResolver:
    """Experiments are named fraud-<tenant>-<scheme> and carry the owner as a tag."""

    def __init__(self, client: MlflowClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    @retry(on=(MlflowException,))
    def ensure(self) -> str:
        name = self._settings.experiment_name
        found = self._client.get_experiment_by_name(name)
        if found is not None and found.lifecycle_stage == LifecycleStage.ACTIVE:
            return found.experiment_id
        if found is not None:
            logger.warning("experiment %s was deleted, restoring", name)
            self._client.restore_experiment(found.experiment_id)
            return found.experiment_id
        try:
            return self._client.create_experiment(name, tags={"owner": "fraud-platform"})
        except MlflowException as exc:
            if exc.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
                raise
            return self._client.get_experiment_by_name(name).experiment_id

    def require(self) -> str:
        """Never creates: for read-only services."""
        found = self._client.get_experiment_by_name(self._settings.experiment_name)
        if found is None or found.lifecycle_stage != LifecycleStage.ACTIVE:
            raise LookupError(f"experiment {self._settings.experiment_name} does not exist")
        return found.experiment_id
