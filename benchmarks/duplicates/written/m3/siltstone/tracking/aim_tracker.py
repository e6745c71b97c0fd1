"""Tracker on Aim."""

from __future__ import annotations

from typing import Dict, Optional

import aim

from siltstone.dataset import DatasetVersion
from siltstone.tracking.base import Tracker


class AimTracker(Tracker):
    run = None

    def start(self, name: str, version: Optional[DatasetVersion] = None) -> str:
        self.run = aim.Run(experiment=self.project)
        self.run.name = name
        if version:
            self.run["data"] = {"name": version.name, "digest": version.digest}
        return self.run.hash

    def find_producer(self, version: DatasetVersion) -> Optional[str]:
        repo = aim.Repo.default_repo()
        for item in repo.query_runs(f"run.data.digest == '{version.digest}'").iter_runs():
            return item.run.hash
        return None

    def log_metrics(self, values: Dict[str, float], step: Optional[int] = None) -> None:
        for key, value in values.items():
            self.run.track(value, name=key, step=step)

    def stop(self, failed: bool = False) -> None:
        if self.run:
            self.run.close()
