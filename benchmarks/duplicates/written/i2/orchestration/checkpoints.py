"""From a checkpoint's key to its run."""

import logging
from pathlib import Path
from typing import Optional

import mlflow
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)


class CheckpointResolver:
    """Tag first, then name, then the newest finished run."""

    def __init__(self, experiment_id: str, client: Optional[MlflowClient] = None) -> None:
        self.experiment_id = experiment_id
        self.client = client or MlflowClient()

    def _first(self, where: str) -> Optional[str]:
        runs = self.client.search_runs([self.experiment_id], where, order_by=["attributes.start_time DESC"], max_results=1)
        return runs[0].info.run_id if runs else None

    def run_id(self, key: str, name: Optional[str] = None) -> Optional[str]:
        found = self._first(f"tags.`azureml.checkpoint_key` = '{key}'")
        if found:
            return found
        if name:
            found = self._first(f"attributes.run_name = '{name}'")
            if found:
                return found
        logger.warning("Falling back to the newest finished run for %s", key)
        return self._first("attributes.status = 'FINISHED'")

    def path(self, key: str, name: Optional[str] = None) -> Path:
        run_id = self.run_id(key, name)
        if run_id is None:
            raise FileNotFoundError(key)
        return Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="checkpoint"))
