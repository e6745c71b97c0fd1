"""Takes jobs from a queue. Older than the trackers, so it talks to the server by itself."""
from __future__ import annotations

import asyncio
import json
import logging
import os
from dataclasses import dataclass
from typing import Any, Dict, Optional

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from shelfrec.types import JobSpec

logger = logging.getLogger("queue")
PREFIX = os.environ.get("SHELF_PREFIX", "shelf")


@dataclass
class Message:
    body: str

    def spec(self) -> JobSpec:
        return JobSpec(**json.loads(self.body))


def _experiment(surface: str) -> str:
    full = "/".join([PREFIX, surface])
    try:
        return mlflow.create_experiment(full, tags={"team": "shelf", "cost_centre": "4711"})
    except MlflowException:
        return mlflow.get_experiment_by_name(full).experiment_id


class QueueWorker:
    def __init__(self, queue: "asyncio.Queue[Message]") -> None:
        self.queue = queue
        self._client: Optional[mlflow.MlflowClient] = None

    @property
    def client(self) -> mlflow.MlflowClient:
        if self._client is None:
            self._client = mlflow.MlflowClient()
        return self._client

    async def _seen(self, spec: JobSpec) -> Optional[str]:
        experiment_id = await asyncio.to_thread(_experiment, spec.surface)
        runs = await asyncio.to_thread(
            self.client.search_runs, [experiment_id], "tags.shelf.key = '{}'".format(spec.key)
        )
        if not runs:
            return None
        newest = sorted(runs, key=lambda run: run.info.start_time)[-1]
        return newest.info.run_id

    def _shard_run(self, experiment_id: str, parent: str, number: int, of: int) -> str:
        labels: Dict[str, Any] = {MLFLOW_PARENT_RUN_ID: parent}
        labels["mlflow.runName"] = "shard-%d" % number
        labels["shelf.shard"] = str(number)
        labels["shelf.shards"] = str(of)
        return self.client.create_run(experiment_id, tags=labels).info.run_id

    async def handle(self, message: Message) -> None:
        spec = message.spec()
        if await self._seen(spec):
            return
        experiment_id = _experiment(spec.surface)
        about = {"shelf.key": spec.key, "shelf.catalogue": spec.catalogue}
        about.update({"shelf.source": spec.source, "shelf.ranker": spec.ranker})
        about["mlflow.runName"] = "-".join((spec.surface, spec.ranker))
        parent = self.client.create_run(experiment_id, tags=about).info.run_id
        for number in range(spec.shards):
            run_id = self._shard_run(experiment_id, parent, number, spec.shards)
            self.client.log_param(run_id, "ranker", spec.ranker)
            self.client.set_terminated(run_id)
        self.client.set_terminated(parent)

    async def forever(self) -> None:
        while True:
            message = await self.queue.get()
            try:
                await self.handle(message)
            except MlflowException:
                logger.exception("message dropped")
            finally:
                self.queue.task_done()
