"""The experiment manager."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Optional

from tidecast.tracking.const import Tags

logger = logging.getLogger(__name__)


class ExperimentManager:
    """Opens runs of one experiment."""

    def __init__(self, name: str, artifact_root: Optional[str] = None, tracking_uri: Optional[str] = None):
        self.name = name
        self.artifact_root = artifact_root or os.environ.get("TIDECAST_ARTIFACTS")
        self.tracking_uri = tracking_uri
        self.experiment_id: Optional[str] = None

    @property
    def mlflow(self) -> Any:
        import mlflow

        if self.tracking_uri:
            mlflow.set_tracking_uri(self.tracking_uri)
        return mlflow

    def activate(self) -> str:
        """Set the experiment active and return its id."""
        experiment = self.mlflow.get_experiment_by_name(self.name)
        if experiment is None:
            location = f"{self.artifact_root}/{self.name}" if self.artifact_root else None
            self.experiment_id = self.mlflow.create_experiment(self.name, artifact_location=location)
            logger.info("created experiment %s", self.name)
        else:
            self.experiment_id = experiment.experiment_id
        self.mlflow.set_experiment(experiment_id=self.experiment_id)
        return self.experiment_id

    @contextmanager
    def run(self, name: str, kind: str, tags: Optional[Dict[str, str]] = None) -> Iterator[Any]:
        """Open a run of some kind and end it as failed when the body fails."""
        self.activate()
        with self.mlflow.start_run(run_name=name, tags={Tags.KIND: kind, **(tags or {})}) as run:
            yield run

    def log_frame(self, frame, path: str) -> None:
        self.mlflow.log_table(frame, artifact_file=path)
