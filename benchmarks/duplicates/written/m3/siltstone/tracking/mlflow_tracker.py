"""Tracker on MLflow."""

from __future__ import annotations

import logging
from typing import Any, Dict, Optional

import mlflow

from siltstone.dataset import DatasetVersion
from siltstone.tracking import compat
from siltstone.tracking.base import Tracker
from siltstone.tracking.tags import DATASET, DIGEST, lineage_tags

log = logging.getLogger(__name__)


class MlflowTracker(Tracker):
    """Writes with a client, so that a run of the user stays active."""

    def __init__(self, project: str, tracking_uri: Optional[str] = None, **options: Any) -> None:
        super().__init__(project, **options)
        self.client = compat.MlflowClient(tracking_uri=tracking_uri)
        self.experiment_id = compat.experiment_id_for(project, self.client)
        self.run_id: Optional[str] = None

    def start(self, name: str, version: Optional[DatasetVersion] = None) -> str:
        tags = lineage_tags(version) if version else {}
        self.run_id = compat.start_with_name(self.client, self.experiment_id, name, tags).info.run_id
        return self.run_id

    def resume_or_start(self, name: str, version: DatasetVersion) -> str:
        """Go on with the unfinished run of a version, else start one."""
        open_runs = self.client.search_runs(
            [self.experiment_id],
            filter_string=f"tags.`{DIGEST}` = '{version.digest}' and attribute.status = 'RUNNING'",
            max_results=1,
        )
        if open_runs:
            self.run_id = open_runs[0].info.run_id
            log.info("going on with %s", self.run_id)
        else:
            self.run_id = compat.start_with_name(
                self.client, self.experiment_id, name, lineage_tags(version)
            ).info.run_id
        return self.run_id

    def find_producer(self, version: DatasetVersion) -> Optional[str]:
        hits = self.client.search_runs(
            [self.experiment_id],
            f"tags.`{DATASET}` = '{version.name}' and tags.`{DIGEST}` = '{version.digest}' "
            "and attribute.status = 'FINISHED'",
            order_by=["attribute.start_time DESC"],
            max_results=1,
        )
        if not hits:
            return None
        return hits[0].info.run_id

    def consumers(self, version: DatasetVersion) -> list:
        """All runs that have read a version."""
        return self.client.search_runs(
            [self.experiment_id], f"tags.`siltstone.parents` LIKE '%{version}%'", max_results=1000
        )

    def log_metrics(self, values: Dict[str, float], step: Optional[int] = None) -> None:
        for key, value in values.items():
            self.client.log_metric(self.run_id, key, value, step=step or 0)

    def stop(self, failed: bool = False) -> None:
        if self.run_id:
            self.client.set_terminated(self.run_id, "FAILED" if failed else "FINISHED")
            self.run_id = None


def active_or_none() -> Optional[str]:
    run = mlflow.active_run()
    return run.info.run_id if run else None
