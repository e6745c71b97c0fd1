"""A dataset that is an artifact of a run."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from kedro.io import AbstractDataset, DatasetError
from mlflow.tracking import MlflowClient

from flowtrack.config import Tag


class RunArtifactDataset(AbstractDataset):
    """Load an artifact of a given run, or of the last good run of a pipeline."""

    def __init__(
        self,
        artifact_path: str,
        experiment: str = "Default",
        pipeline: str = "__default__",
        run_id: str | None = None,
    ) -> None:
        self._artifact_path = artifact_path
        self._experiment = experiment
        self._pipeline = pipeline
        self._run_id = run_id
        self._mlflow_client: MlflowClient | None = None

    @property
    def mlflow_client(self) -> MlflowClient:
        if self._mlflow_client is None:
            self._mlflow_client = MlflowClient()
        return self._mlflow_client

    @property
    def run_id(self) -> str:
        """The run to read: the given one, or the newest that ended well."""
        if self._run_id:
            return self._run_id
        experiment = self.mlflow_client.get_experiment_by_name(self._experiment)
        if experiment is None:
            raise DatasetError(f"there is no experiment {self._experiment}")
        runs = self.mlflow_client.search_runs(
            [experiment.experiment_id],
            filter_string=(
                f"tags.`{Tag.PIPELINE}` = '{self._pipeline}' "
                "and attributes.status = 'FINISHED'"
            ),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise DatasetError(f"no finished run of {self._pipeline}")
        return runs[0].info.run_id

    def _load(self) -> Path:
        target = Path(tempfile.mkdtemp(prefix="flowtrack-"))
        local = self.mlflow_client.download_artifacts(
            self.run_id, self._artifact_path, str(target)
        )
        return Path(local)

    def _save(self, data: Path) -> None:
        if self._run_id is None:
            raise DatasetError("saving needs a run_id")
        self.mlflow_client.log_artifact(self._run_id, str(data), self._artifact_path)

    def _exists(self) -> bool:
        parent = str(Path(self._artifact_path).parent)
        listed = self.mlflow_client.list_artifacts(self.run_id, parent)
        return any(item.path == self._artifact_path for item in listed)

    def produced_by(self) -> list[str]:
        """The nodes that ran before the artifact was written."""
        raw = self.mlflow_client.get_run(self.run_id).data.tags.get(Tag.LINEAGE)
        lineage = json.loads(raw) if raw else {}
        return list(lineage.get("nodes", []))

    def _describe(self) -> dict[str, Any]:
        return {"artifact_path": self._artifact_path, "pipeline": self._pipeline}
