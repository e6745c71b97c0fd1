"""Wrapper of MLflow for the whole code base. Please use this one (platform team)."""
from __future__ import annotations

import logging
import time
from typing import List, Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from demandcore.common.dates import iso
from demandcore.settings import get_settings

logger = logging.getLogger(__name__)


class MlflowWrapper:
    def __init__(self, settings=None):
        self.settings = settings or get_settings()
        mlflow.set_tracking_uri(self.settings.tracking.uri)
        self._client: Optional[MlflowClient] = None

    @property
    def client(self) -> MlflowClient:
        if self._client is None:
            self._client = MlflowClient(tracking_uri=self.settings.tracking.uri)
        return self._client

    def experiment_id(self, region: str) -> str:
        path = self.settings.experiment_path(region)
        experiment = self.client.get_experiment_by_name(path)
        if experiment is None:
            logger.info("creating experiment %s", path)
            return self.client.create_experiment(path)
        return experiment.experiment_id

    def run_of_day(self, region: str, day) -> Optional[Run]:
        """The newest finished run of a region that was trained on a day."""
        runs = self.client.search_runs(
            experiment_ids=[self.experiment_id(region)],
            filter_string=(
                f"tags.region = '{region}' AND tags.run_date = '{iso(day)}' "
                "AND attributes.status = 'FINISHED'"
            ),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def runs_between(self, region: str, first, last) -> List[Run]:
        low = int(time.mktime(first.timetuple()) * 1000)
        high = int(time.mktime(last.timetuple()) * 1000)
        return list(self.client.search_runs(
            [self.experiment_id(region)],
            f"attributes.start_time >= {low} AND attributes.start_time < {high}",
        ))

    def close_stale(self, region: str) -> int:
        limit = int((time.time() - self.settings.tracking.stale_hours * 3600) * 1000)
        n = 0
        for run in self.client.search_runs([self.experiment_id(region)], "attributes.status = 'RUNNING'"):
            if run.info.start_time < limit:
                self.client.set_terminated(run.info.run_id, status="KILLED")
                n += 1
        return n

    def latest_metric(self, region: str, day, key: str) -> Optional[float]:
        run = self.run_of_day(region, day)
        return run.data.metrics.get(key) if run else None
