from __future__ import annotations

from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient


class Registry:
    def __init__(self, client: MlflowClient):
        self.client = client

    def newest(self, name: str) -> ModelVersion | None:
        versions = self.client.search_model_versions(
            f"name = '{name}'", order_by=["version_number DESC"], max_results=1
        )
        return versions[0] if versions else None

    def of_run(self, name: str, run_id: str) -> ModelVersion | None:
        versions = self.client.search_model_versions(f"name = '{name}' and run_id = '{run_id}'")
        return max(versions, key=lambda v: int(v.version), default=None)

    def aliased(self, name: str, alias: str) -> ModelVersion | None:
        try:
            return self.client.get_model_version_by_alias(name, alias)
        except MlflowException:
            return None

    def register(self, name: str, run_id: str) -> ModelVersion:
        try:
            self.client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        return self.of_run(name, run_id) or self.client.create_model_version(
            name, f"runs:/{run_id}/model", run_id
        )

    def promote(self, version: ModelVersion, alias: str = "production") -> None:
        before = self.aliased(version.name, alias)
        self.client.set_registered_model_alias(version.name, alias, version.version)
        if before is not None and before.version != version.version:
            self.client.set_registered_model_alias(version.name, f"{alias}-previous", before.version)

    def rollback(self, name: str, alias: str = "production") -> ModelVersion:
        before = self.aliased(name, f"{alias}-previous")
        if before is None:
            raise LookupError(f"{name} has no previous version")
        self.client.set_registered_model_alias(name, alias, before.version)
        return before

    def reviewer(self, name: str, version: str) -> str | None:
        return self.client.get_model_version(name, version).tags.get("reviewed_by")
