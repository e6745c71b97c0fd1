"""The tracker that is used in production."""
from __future__ import annotations

from typing import Dict, Optional

from mlflow.entities import Metric, Param, RunTag
from mlflow.tracking import MlflowClient
from mlflow.utils.time import get_current_time_millis

from shelfrec.registry import trackers
from shelfrec.tracking.base import Tracker
from shelfrec.tracking.mixins import CatalogueMixin, CloseMixin, ExperimentMixin
from shelfrec.types import JobSpec


@trackers.register("mlflow")
class MlflowTracker(ExperimentMixin, CatalogueMixin, CloseMixin, Tracker):
    def __init__(self, surface: str, prefix: str = "shelf", uri: Optional[str] = None) -> None:
        self.client = MlflowClient(tracking_uri=uri)
        self.prefix = prefix
        self.experiment_id = self.experiment_for(surface)

    def open(self, spec: JobSpec) -> str:
        run = self.client.create_run(
            self.experiment_id,
            run_name=f"{spec.surface}-{spec.ranker}",
            tags={
                "shelf.key": spec.key,
                "shelf.catalogue": spec.catalogue,
                "shelf.source": spec.source,
                "shelf.ranker": spec.ranker,
            },
        )
        self.client.log_batch(run.info.run_id, params=[Param(k, str(v)) for k, v in spec.params.items()])
        return run.info.run_id

    def open_shard(self, parent_id: str, shard: int, count: int) -> str:
        child = self.client.create_run(
            self.experiment_id,
            run_name=f"shard-{shard}",
            tags={
                "mlflow.parentRunId": parent_id,
                "shelf.shard": str(shard),
                "shelf.shards": str(count),
            },
        )
        return child.info.run_id

    def known(self, key: str) -> Optional[str]:
        hits = self.client.search_runs(
            [self.experiment_id],
            filter_string=f"tags.`shelf.key` = '{key}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return hits[0].info.run_id if hits else None

    def metrics(self, run_id: str, values: Dict[str, float]) -> None:
        now = get_current_time_millis()
        self.client.log_batch(run_id, metrics=[Metric(k, v, now, 0) for k, v in values.items()])

    def describe(self, run_id: str, owner: str, text: str, ticket: str) -> None:
        tags = [RunTag("mlflow.note.content", text), RunTag("mlflow.user", owner), RunTag("shelf.ticket", ticket)]
        self.client.log_batch(run_id, tags=tags)

    def shards_of(self, parent_id: str) -> list:
        return list(
            self.client.search_runs([self.experiment_id], f"tags.`mlflow.parentRunId` = '{parent_id}'")
        )
