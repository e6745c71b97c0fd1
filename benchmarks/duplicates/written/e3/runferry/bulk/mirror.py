"""Keep a target in step with a source."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from runferry import payload
from runferry.bulk.plan import Move
from runferry.connect import Server

LOGGER = logging.getLogger(__name__)

PARENT_TAG = "mlflow.parentRunId"


class Mirror:
    """Copies only the newest runs, again and again, without nesting."""

    def __init__(self, source: Server, target: Server, workers: int = 4) -> None:
        self.source = source
        self.target = target
        self.workers = workers

    def prepare(self, move: Move) -> tuple[str, str]:
        """The ids of both experiments."""
        source_exp = self.source.client.get_experiment_by_name(move.source)
        target_exp = self.target.client.get_experiment_by_name(move.target)
        if target_exp is None:
            LOGGER.info("creating %s on %s", move.target, self.target.uri)
            target_exp_id = self.target.client.create_experiment(
                name=move.target,
                tags={key: value for key, value in source_exp.tags.items()},
            )
        else:
            target_exp_id = target_exp.experiment_id
        return source_exp.experiment_id, target_exp_id

    def _watermark(self, target_id: str) -> int:
        newest = self.target.client.search_runs(
            [target_id], order_by=["attributes.start_time DESC"], max_results=1
        )
        return newest[0].info.start_time if newest else 0

    def _one(self, run: Any, move: Move, target_id: str) -> str:
        tags = {k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")}
        tags["runferry.source.uri"] = self.source.uri
        tags["runferry.source.experiment"] = move.source
        tags["runferry.source.run_id"] = run.info.run_id
        tags["runferry.source.user"] = run.info.user_id or ""
        tags["runferry.flat"] = "true"
        created = self.target.client.create_run(
            target_id, start_time=run.info.start_time, tags=tags, run_name=run.info.run_name
        )
        payload.copy_params(self.source.client, run, self.target.client, created.info.run_id)
        payload.copy_metrics(self.source.client, run, self.target.client, created.info.run_id)
        self.target.client.set_terminated(created.info.run_id, run.info.status)
        return created.info.run_id

    def sync(self, move: Move) -> int:
        """Copy the finished runs that are newer than all on the target."""
        source_id, target_id = self.prepare(move)
        since = self._watermark(target_id)
        fresh = list(
            self.source.all_runs(
                source_id,
                f"attributes.start_time > {since} and attributes.status = 'FINISHED'",
            )
        )
        with ThreadPoolExecutor(self.workers) as pool:
            done = list(pool.map(lambda run: self._one(run, move, target_id), fresh))
        return len(done)

    def forever(self, moves: list[Move], pause: float = 300.0) -> None:
        """Sync until the process is stopped."""
        while True:
            for move in moves:
                LOGGER.info("%s: %d new", move.source, self.sync(move))
            time.sleep(pause)
