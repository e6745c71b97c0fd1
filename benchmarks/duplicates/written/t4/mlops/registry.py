"""Model registry: versions, aliases, stages (old servers)."""
from __future__ import annotations

import logging
import time

import mlflow
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException, RestException
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)


class Registry:
    def __init__(self, client: MlflowClient | None = None):
        self.client = client or MlflowClient()

    def experiment_id(self, name: str) -> str:
        """Experiment of the releases; the artefacts go to the WORM bucket."""
        exp = self.client.get_experiment_by_name(name)
        if exp is not None:
            return exp.experiment_id
        try:
            return self.client.create_experiment(name, artifact_location=f"s3://mlops-worm/{name}")
        except RestException:
            # otro job lo ha creado entre tanto
            return self.client.get_experiment_by_name(name).experiment_id

    def champion_run(self, model: str) -> Run | None:
        """Run behind the version which is in production."""
        try:
            version = self.client.get_model_version_by_alias(model, "champion")
        except MlflowException:
            return None
        return self.client.get_run(version.run_id)

    def register(self, run_id: str, model: str, wait: int = 60) -> ModelVersion:
        version = mlflow.register_model(f"runs:/{run_id}/model", model)
        deadline = time.time() + wait
        while version.status != "READY":
            if time.time() > deadline:
                raise TimeoutError(f"{model} v{version.version} not ready")
            time.sleep(2)
            version = self.client.get_model_version(model, version.version)
        return version

    def tag_version(self, version: ModelVersion, ticket: str, user: str) -> None:
        for key, value in (("audit.ticket", ticket), ("audit.user", user), ("source_run", version.run_id)):
            self.client.set_model_version_tag(version.name, version.version, key, value)

    def versions_of_run(self, run_id: str) -> list[ModelVersion]:
        return list(self.client.search_model_versions(f"run_id = '{run_id}'"))

    def archive_old(self, model: str, keep: int = 5) -> None:
        versions = sorted(self.client.search_model_versions(f"name = '{model}'"), key=lambda v: int(v.version))
        for v in versions[:-keep]:
            if "champion" not in v.aliases:
                self.client.delete_model_version(model, v.version)
                log.info("deleted %s v%s", model, v.version)
