"""Tracker on Neptune."""

from __future__ import annotations

from typing import Dict, Optional

import neptune

from siltstone.dataset import DatasetVersion
from siltstone.tracking.base import Tracker


class NeptuneTracker(Tracker):
    run = None

    def start(self, name: str, version: Optional[DatasetVersion] = None) -> str:
        self.run = neptune.init_run(project=self.project, name=name)
        if version:
            self.run["data/name"] = version.name
            self.run["data/digest"] = version.digest
            self.run["data/uri"] = version.uri
        return self.run["sys/id"].fetch()

    def find_producer(self, version: DatasetVersion) -> Optional[str]:
        project = neptune.init_project(project=self.project, mode="read-only")
        df = project.fetch_runs_table(
            query=f'`data/digest`:string = "{version.digest}"', sort_by="sys/creation_time", limit=1
        ).to_pandas()
        return None if df.empty else df.iloc[0]["sys/id"]

    def log_metrics(self, values: Dict[str, float], step: Optional[int] = None) -> None:
        for key, value in values.items():
            self.run[key].append(value, step=step)

    def stop(self, failed: bool = False) -> None:
        if self.run:
            self.run["sys/failed"] = failed
            self.run.stop()
