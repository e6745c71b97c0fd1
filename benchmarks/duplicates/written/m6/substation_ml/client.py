"""The front door of the SDK."""

from __future__ import annotations

import functools
from typing import Any, Optional

import mlflow
from mlflow.entities import Run

from substation_ml.config import Settings
from substation_ml.experiments import Experiments
from substation_ml.registry import Registry
from substation_ml.runs import Runs


class PlatformClient:
    """Experiments, runs and registry of one team."""

    def __init__(self, settings: Optional[Settings] = None) -> None:
        self.settings = settings or Settings()
        if self.settings.tracking_uri:
            mlflow.set_tracking_uri(self.settings.tracking_uri)

    @functools.cached_property
    def _client(self) -> mlflow.MlflowClient:
        return mlflow.MlflowClient()

    @functools.cached_property
    def experiments(self) -> Experiments:
        return Experiments(self._client, self.settings)

    @functools.cached_property
    def runs(self) -> Runs:
        return Runs(self._client, self.settings)

    @functools.cached_property
    def registry(self) -> Registry:
        return Registry(self._client, self.settings)

    def latest_signed(self, project: str) -> Run:
        return self.runs.latest_signed(project)

    def load_live(self, project: str) -> Any:
        return mlflow.pyfunc.load_model(f"models:/{self.settings.model_name(project)}@{self.settings.stage_alias}")
