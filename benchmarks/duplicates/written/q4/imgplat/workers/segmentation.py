"""Worker of the segmentation team."""
from __future__ import annotations

import asyncio
import functools
import logging
import random
from pathlib import Path
from typing import Sequence

from mlflow import MlflowClient

from imgplat.core.types import RunId, Segmenter, TrainingJob
from imgplat.workers.base import Worker

_log = logging.getLogger(__name__)


def split(studies: Sequence[Path], seed: int = 1, share: float = 0.8) -> tuple[list[Path], list[Path]]:
    items = sorted(studies)
    random.Random(seed).shuffle(items)
    cut = int(len(items) * share)
    return items[:cut], items[cut:]


def retry(times: int):
    def deco(fn):
        @functools.wraps(fn)
        async def inner(*args, **kwargs):
            for attempt in range(1, times + 1):
                try:
                    return await fn(*args, **kwargs)
                except ConnectionError:
                    if attempt == times:
                        raise
                    await asyncio.sleep(2**attempt)

        return inner

    return deco


class SegmentationWorker(Worker):
    def __init__(self, *args, factory, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.factory = factory
        self.client = MlflowClient()

    @retry(3)
    async def warm_start(self, job: TrainingJob) -> str | None:
        """Weights of the best run so far under the same protocol."""
        eid = self.tracker.experiment(self.experiment)
        runs = await asyncio.to_thread(
            self.client.search_runs, [eid], f"tags.`study.protocol` = '{job.study_protocol}'", 1, 1000
        )
        done = [r for r in runs if r.info.status == "FINISHED" and "dice_val" in r.data.metrics]
        if not done:
            return None
        winner = max(done, key=lambda r: r.data.metrics["dice_val"])
        return f"runs:/{winner.info.run_id}/weights"

    @retry(3)
    async def last_failure(self, job: TrainingJob):
        eid = self.tracker.experiment(self.experiment)
        runs = await asyncio.to_thread(
            self.client.search_runs,
            [eid],
            f"tags.`lineage.dataset_sha256` = '{job.dataset.digest}' and attributes.status = 'FAILED'",
            1,
            1,
            ["attributes.start_time DESC"],
        )
        return runs[0] if runs else None

    async def process(self, job: TrainingJob, run_id: RunId) -> None:
        failed = await self.last_failure(job)
        if failed is not None:
            _log.warning("failed before on this data: %s", failed.info.run_id)
        model: Segmenter = self.factory(job.architecture, await self.warm_start(job), **job.hyper)
        train, val = split([p for p in job.dataset.root.iterdir() if p.is_dir()])
        await asyncio.to_thread(model.fit, train)
        dice = await asyncio.to_thread(model.dice, val)
        self.client.log_metric(run_id, "dice_val", dice)
        for k, v in job.hyper.items():
            self.client.log_param(run_id, k, v)
