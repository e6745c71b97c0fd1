"""Tracker on W&B."""

from __future__ import annotations

from typing import Any, Dict, Optional

import wandb

from siltstone.dataset import DatasetVersion
from siltstone.tracking.base import Tracker


class WandbTracker(Tracker):
    def __init__(self, project: str, entity: Optional[str] = None, **options: Any) -> None:
        super().__init__(project, **options)
        self.entity = entity
        self.run = None

    def start(self, name: str, version: Optional[DatasetVersion] = None) -> str:
        config = {"dataset": version.name, "digest": version.digest, "uri": version.uri} if version else {}
        self.run = wandb.init(project=self.project, entity=self.entity, name=name, config=config)
        return self.run.id

    def find_producer(self, version: DatasetVersion) -> Optional[str]:
        api = wandb.Api()
        runs = api.runs(
            f"{self.entity}/{self.project}" if self.entity else self.project,
            filters={"config.digest": version.digest, "state": "finished"},
            order="-created_at",
        )
        for run in runs:
            return run.id
        return None

    def log_metrics(self, values: Dict[str, float], step: Optional[int] = None) -> None:
        self.run.log(values, step=step)

    def stop(self, failed: bool = False) -> None:
        if self.run:
            self.run.finish(exit_code=int(failed))
