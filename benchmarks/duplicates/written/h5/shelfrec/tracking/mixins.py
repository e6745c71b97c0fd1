"""Mixins of the trackers that keep a client."""
from __future__ import annotations

from datetime import date
from typing import Optional, Tuple

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

TEAM = {"team": "shelf", "cost_centre": "4711"}


class ExperimentMixin:
    client: MlflowClient
    prefix: str

    def experiment_for(self, surface: str) -> str:
        name = f"{self.prefix}/{surface}"
        experiment = self.client.get_experiment_by_name(name)
        if experiment is None:
            return self.client.create_experiment(name, tags=TEAM)
        return experiment.experiment_id


class CatalogueMixin:
    client: MlflowClient

    def catalogue_of(self, run: Run) -> Optional[Tuple[int, date]]:
        """Version and day of the catalogue, from a tag such as `v12/2024-05-01`."""
        text = run.data.tags.get("shelf.catalogue")
        if text is None:
            return None
        version, day = text.split("/")
        return int(version.lstrip("v")), date.fromisoformat(day)


class CloseMixin:
    client: MlflowClient

    def close(self, run_id: str, ok: bool = True) -> None:
        self.client.set_terminated(run_id, "FINISHED" if ok else "FAILED")
