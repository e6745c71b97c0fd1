"""The class for programs."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

from modelport.errors import DeployFailed
from modelport.lookup import run_of_alias
from modelport.manifest import Manifest, replicas_of, source_of
from modelport.targets import Target, make_target

log = logging.getLogger("modelport")

EXPERIMENT = "deployments"


class Deployer:
    """Deploys models to a target and writes a run for each deployment."""

    def __init__(self, target: str, folder: str = "manifests", **options: str) -> None:
        self.target: Target = make_target(target, **options)
        self.folder = Path(folder)
        self.client = MlflowClient()

    def manifest(self, name: str, alias: str) -> Manifest:
        run = run_of_alias(name, alias)
        version = self.client.get_model_version_by_alias(name, alias)
        return Manifest(
            name, str(version.version), run.info.run_id, source_of(run), replicas=replicas_of(run)
        )

    def _experiment_id(self) -> str:
        experiment = self.client.get_experiment_by_name(EXPERIMENT)
        if experiment:
            return experiment.experiment_id
        return self.client.create_experiment(EXPERIMENT, tags={"managed-by": "modelport"})

    def record(self, manifest: Manifest, status: str) -> str:
        """Write a run about a deployment."""
        tags = {
            "port.model": manifest.name,
            "port.version": manifest.version,
            "port.source_run": manifest.run_id,
            "port.target": self.target.name,
            "port.status": status,
            "port.by": os.environ.get("USER", "ci"),
        }
        run = self.client.create_run(
            self._experiment_id(), tags=tags, run_name=f"{manifest.name}-v{manifest.version}"
        )
        self.client.log_text(run.info.run_id, manifest.to_json(), "manifest.json")
        self.client.set_terminated(run.info.run_id)
        return run.info.run_id

    def deploy(self, name: str, alias: str = "champion") -> Manifest:
        manifest = self.manifest(name, alias)
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self.target.apply(manifest)
        except OSError as error:
            self.record(manifest, "failed")
            raise DeployFailed(str(error)) from error
        manifest.save(self.folder)
        self.record(manifest, "live")
        log.info("deployed %s", manifest.name)
        return manifest

    def history(self, name: str, limit: int = 20) -> list[dict[str, str]]:
        """What was deployed, newest first."""
        runs = self.client.search_runs(
            [self._experiment_id()],
            f"tags.`port.model` = '{name}'",
            max_results=limit,
            order_by=["attributes.start_time DESC"],
        )
        return [dict(run.data.tags) for run in runs]

    def live(self, name: str) -> str | None:
        """The run of the deployment that is live now."""
        table = mlflow.search_runs(
            [self._experiment_id()],
            f"tags.`port.model` = '{name}' and tags.`port.status` = 'live' "
            f"and tags.`port.target` = '{self.target.name}'",
            order_by=["start_time DESC"],
            max_results=1,
        )
        return None if table.empty else str(table.iloc[0].run_id)
