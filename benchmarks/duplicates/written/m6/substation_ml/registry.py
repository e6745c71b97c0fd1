"""Model versions and the runs they come from."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional

import mlflow
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from substation_ml.config import Settings
from substation_ml.errors import NotFound
from substation_ml.paging import all_versions


class Registry:
    def __init__(self, client: MlflowClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def live_version(self, project: str) -> Optional[ModelVersion]:
        try:
            return self._client.get_model_version_by_alias(
                self._settings.model_name(project), self._settings.stage_alias
            )
        except MlflowException:
            return None

    def run_behind_live(self, project: str) -> Run:
        """The run whose model is live now."""
        version = self.live_version(project)
        if version is None:
            versions = all_versions(self._client, self._settings.model_name(project))
            version = max(versions, key=lambda v: int(v.version), default=None)
        if version is None:
            raise NotFound(project)
        return self._client.get_run(version.run_id)

    def run_of_version(self, project: str, number: str) -> Run:
        version = self._client.get_model_version(self._settings.model_name(project), number)
        return self._client.get_run(version.run_id)

    def register(self, project: str, run_id: str, path: str = "model") -> ModelVersion:
        return mlflow.register_model(f"runs:/{run_id}/{path}", self._settings.model_name(project))


def approvals(run: Run) -> Dict[str, Any]:
    """Who has agreed to a run: role to name."""
    raw = run.data.tags.get("subml.approvals", "")
    try:
        value = json.loads(raw) if raw else {}
    except json.JSONDecodeError:
        value = {}
    return value if isinstance(value, dict) else {}
