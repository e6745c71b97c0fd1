"""Deployments: a model behind an endpoint."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from mlflow.exceptions import MlflowException

from skyforge.client import SkyforgeClient
from skyforge.errors import NotFound


@dataclass
class Resources:
    """What an endpoint gets."""

    cpu: float = 1.0
    memory_gb: float = 2.0
    replicas: int = 1


@dataclass
class Deployment:
    """A model version at an endpoint."""

    endpoint: str
    model: str
    version: str
    resources: Resources = field(default_factory=Resources)
    env: dict[str, str] = field(default_factory=dict)

    def manifest(self) -> str:
        """The text that the platform takes."""
        return json.dumps(asdict(self), indent=2, sort_keys=True)


class Deployer:
    """Deploys models and tells what is deployed."""

    def __init__(self, client: SkyforgeClient) -> None:
        self.client = client

    def plan(self, endpoint: str, model: str, alias: str = "champion", **resources: Any) -> Deployment:
        """What would be deployed."""
        try:
            mv = self.client.get_model_version_by_alias(model, alias)
        except MlflowException:
            raise NotFound("alias", f"{model}@{alias}") from None
        source = self.client.get_run(mv.run_id)
        env = {"MODEL_RUN_ID": source.info.run_id}
        if "python_version" in source.data.tags:
            env["PYTHON_VERSION"] = source.data.tags["python_version"]
        return Deployment(endpoint, model, mv.version, Resources(**resources), env)

    def record(self, deployment: Deployment) -> None:
        """Log the manifest to a run of the deployments experiment."""
        path = self.client.workspace.qualified("deployments")
        experiment = self.client.get_experiment_by_name(path)
        if not experiment:
            experiment_id = self.client.create_experiment(
                path, tags={"skyforge.workspace": self.client.workspace.name}
            )
        else:
            experiment_id = experiment.experiment_id
        run = self.client.create_run(experiment_id, run_name=deployment.endpoint)
        self.client.log_text(run.info.run_id, deployment.manifest(), "manifest.json")
        self.client.set_terminated(run.info.run_id)
