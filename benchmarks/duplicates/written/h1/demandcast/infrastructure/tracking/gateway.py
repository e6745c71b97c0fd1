"""A thin layer over the client."""
from __future__ import annotations

import logging
from typing import Iterator

from mlflow.entities import Run, ViewType
from mlflow.tracking import MlflowClient

from demandcast.settings import Settings, load

log = logging.getLogger(__name__)


class TrackingGateway:
    """What the jobs need of the tracking server."""

    def __init__(self, settings: Settings | None = None, client: MlflowClient | None = None) -> None:
        self.settings = settings or load()
        self.client = client or MlflowClient(tracking_uri=self.settings.tracking_uri)

    def ensure_experiment(self, region: str) -> str:
        """The id of the experiment of a region; it is made when missing."""
        name = self.settings.experiment_name(region)
        found = self.client.get_experiment_by_name(name)
        if found is not None:
            return found.experiment_id
        log.info("making experiment %s", name)
        return self.client.create_experiment(
            name, artifact_location=self.settings.artifact_location(region)
        )

    def latest_finished(self, experiment_id: str) -> Run | None:
        """The newest run that came to its end."""
        runs = self.client.search_runs(
            [experiment_id],
            filter_string="attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def every_run(self, experiment_id: str, page: int = 500) -> Iterator[Run]:
        """All active runs, page by page."""
        token = None
        while True:
            batch = self.client.search_runs(
                [experiment_id], run_view_type=ViewType.ACTIVE_ONLY, max_results=page, page_token=token
            )
            yield from batch
            token = batch.token
            if not token:
                return

    def drop(self, run_ids: list[str]) -> int:
        for run_id in run_ids:
            self.client.delete_run(run_id)
        return len(run_ids)

    def stage_experiments(self) -> dict[str, str]:
        """Region to experiment id, only of those that are there."""
        found = {}
        from demandcast.settings import REGIONS

        for region in REGIONS:
            experiment = self.client.get_experiment_by_name(self.settings.experiment_name(region))
            if experiment is None:
                continue
            found[region] = experiment.experiment_id
        return found
