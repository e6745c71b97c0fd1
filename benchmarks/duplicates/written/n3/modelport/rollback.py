"""Go back to the last good run."""

from __future__ import annotations

import logging

import mlflow
from mlflow.tracking import MlflowClient

from modelport.errors import RunNotFound
from modelport.manifest import Manifest, source_of
from modelport.sdk import Deployer

logger = logging.getLogger(__name__)


class Rollback:
    """Takes a bad model away and brings the last good one back."""

    def __init__(self, model: str, experiment: str) -> None:
        self.model = model
        self.client = MlflowClient()
        exp = self.client.get_experiment_by_name(experiment)
        if exp is None:
            raise RunNotFound(experiment)
        self.experiment_id = exp.experiment_id

    def _good(self):
        clauses = {"port.model": self.model, "port.checks": "passed"}
        where = " AND ".join(f"tags.`{k}` = '{v}'" for k, v in clauses.items())
        df = mlflow.search_runs([self.experiment_id], filter_string=where)
        if len(df) == 0:
            raise RunNotFound(self.model)
        return self.client.get_run(df.sort_values("start_time").iloc[-1]["run_id"])

    def run(self, alias: str = "champion") -> str:
        good = self._good()
        versions = self.client.search_model_versions(f"run_id = '{good.info.run_id}'")
        if not versions:
            raise RunNotFound(f"{good.info.run_id} made no version")
        version = versions[0].version
        self.client.set_registered_model_alias(self.model, alias, version)
        logger.warning("rolled %s back to version %s", self.model, version)
        self._note(version, good)
        return version

    def _note(self, version, good):
        """Leave a run that tells of the rollback."""
        manifest = Manifest(self.model, str(version), good.info.run_id, source_of(good))
        Deployer("local").record(manifest, "rolled-back")
