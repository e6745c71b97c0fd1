"""The model registry."""

from __future__ import annotations

import json
import logging
from typing import Any

import tidewater._client as _client
from tidewater.errors import NotFound
from tidewater.settings import Tags, get_settings

logger = logging.getLogger(__name__)


class ModelRegistry:
    """Registered models and their versions."""

    def __init__(self) -> None:
        self._client = _client.client()

    def _ensure_model(self, name: str) -> None:
        from mlflow.exceptions import MlflowException

        try:
            self._client.get_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            self._client.create_registered_model(name, tags={Tags.PROJECT: get_settings().project})

    def register(self, run_id: str, name: str, path: str = "model") -> int:
        """Make a version of a model out of a run; the labels of the run go with it."""
        self._ensure_model(name)
        run = self._client.get_run(run_id)
        version = self._client.create_model_version(
            name, f"runs:/{run_id}/{path}", run_id=run_id
        )
        labels: dict[str, str] = {}
        if Tags.LABELS in run.data.tags:
            try:
                labels = json.loads(run.data.tags[Tags.LABELS])
            except ValueError:
                logger.warning("labels of run %s are no JSON", run_id)
        self._client.set_model_version_tag(name, version.version, Tags.OWNER, get_settings().owner)
        for key, value in labels.items():
            self._client.set_model_version_tag(name, version.version, key, value)
        return int(version.version)

    def latest(self, name: str, stage: str | None = None) -> Any:
        """The newest version of a model, of a stage tag when one is given."""
        versions = self._client.search_model_versions(f"name = '{name}'")
        if stage is not None:
            versions = [v for v in versions if v.tags.get(Tags.STAGE) == stage]
        if not versions:
            raise NotFound(f"model {name} has no version")
        return max(versions, key=lambda v: int(v.version))

    def promote(self, name: str, version: int, stage: str) -> None:
        """Give a stage to a version, which the version before loses."""
        for other in self._client.search_model_versions(f"name = '{name}'"):
            if other.tags.get(Tags.STAGE) == stage:
                self._client.delete_model_version_tag(name, other.version, Tags.STAGE)
        self._client.set_model_version_tag(name, str(version), Tags.STAGE, stage)
