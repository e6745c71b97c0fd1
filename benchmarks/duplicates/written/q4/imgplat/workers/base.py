"""Async worker: takes jobs from a queue, trains in a thread, tracks."""
from __future__ import annotations

import abc
import asyncio
import contextlib
import logging
from typing import AsyncIterator

from imgplat.core.tracker import AbstractTracker
from imgplat.core.types import RunId, TrainingJob

_log = logging.getLogger(__name__)


class Worker(abc.ABC):
    def __init__(self, tracker: AbstractTracker, experiment: str, concurrency: int = 2) -> None:
        self.tracker = tracker
        self.experiment = experiment
        self._gate = asyncio.Semaphore(concurrency)
        self._tasks: set[asyncio.Task[None]] = set()

    @abc.abstractmethod
    async def process(self, job: TrainingJob, run_id: RunId) -> None: ...

    @contextlib.asynccontextmanager
    async def tracked(self, job: TrainingJob) -> AsyncIterator[RunId]:
        eid = await asyncio.to_thread(self.tracker.experiment, self.experiment)
        run_id = await asyncio.to_thread(self.tracker.begin, eid, job)
        ok = False
        try:
            yield run_id
            ok = True
        finally:
            await asyncio.to_thread(self.tracker.finish, run_id, ok)

    async def _one(self, job: TrainingJob) -> None:
        async with self._gate:
            eid = await asyncio.to_thread(self.tracker.experiment, self.experiment)
            known = await asyncio.to_thread(self.tracker.find_by_dataset, eid, job.dataset.digest)
            if known is not None:
                _log.info("dataset %s already done in %s", job.dataset.name, known.run_id)
                return
            async with self.tracked(job) as run_id:
                await self.process(job, run_id)

    async def serve(self, queue: asyncio.Queue[TrainingJob | None]) -> None:
        while (job := await queue.get()) is not None:
            task = asyncio.create_task(self._one(job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await asyncio.gather(*self._tasks, return_exceptions=True)
