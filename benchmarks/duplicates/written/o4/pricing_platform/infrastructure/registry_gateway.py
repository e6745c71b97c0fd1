"""Registry: which calibration prices at the moment."""
from __future__ import annotations

import datetime
from typing import Optional

from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from pricing_platform.domain.model import Actor, ChangeTicket, LineOfBusiness, NotFound
from pricing_platform.infrastructure import tag_names


class RegistryGateway:
    """The model registry as the other layers see it."""

    def __init__(self, client: MlflowClient) -> None:
        self._client = client

    @staticmethod
    def model_name(line: LineOfBusiness) -> str:
        return f"tariff-{line.value}"

    def productive_run(self, line: LineOfBusiness) -> Run:
        """The run of the version in production."""
        versions = self._client.get_latest_versions(self.model_name(line), stages=["Production"])
        if not versions:
            raise NotFound(f"nothing in production for {line.value}")
        return self._client.get_run(versions[0].run_id)

    def register(self, line: LineOfBusiness, run_id: str, actor: Actor, ticket: ChangeTicket) -> str:
        name = self.model_name(line)
        try:
            self._client.create_registered_model(name)
        except MlflowException:
            pass
        version = self._client.create_model_version(name, f"runs:/{run_id}/model", run_id)
        stamp = datetime.datetime.utcnow().isoformat()
        self._client.set_tag(run_id, "registry.version", version.version)
        self._client.set_tag(run_id, "registry.by", actor.user_id)
        self._client.set_tag(run_id, "registry.ticket", ticket.number)
        self._client.set_tag(run_id, "registry.at", stamp)
        return version.version

    def release(self, line: LineOfBusiness, version: str) -> None:
        self._client.transition_model_version_stage(
            self.model_name(line), version, "Production", archive_existing_versions=True
        )

    def is_released(self, run: Run) -> bool:
        return run.data.tags.get("registry.version") is not None

    def state_of(self, version: str, line: LineOfBusiness) -> Optional[str]:
        model_version = self._client.get_model_version(self.model_name(line), version)
        run = self._client.get_run(model_version.run_id)
        return run.data.tags.get(tag_names.APPROVAL_STATE)
