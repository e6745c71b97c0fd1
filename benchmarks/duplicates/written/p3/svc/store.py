"""Async facade over MlflowClient. The client is blocking, so each call goes to a thread."""
from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any, AsyncIterator

import structlog
from mlflow.entities import Experiment, Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from svc.settings import Settings

logger = structlog.get_logger()


class NotFound(Exception):
    pass


class RunStore:
    def __init__(self, settings: Settings, client: MlflowClient | None = None) -> None:
        self._settings = settings
        self._client = client or MlflowClient(tracking_uri=settings.tracking_uri)
        self._ids: dict[str, str] = {}

    async def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        return await asyncio.to_thread(getattr(self._client, method), *args, **kwargs)

    async def experiment_id(self, name: str) -> str:
        """Id of the experiment, cached. Created on first use (restored if someone deleted it)."""
        if name in self._ids:
            return self._ids[name]
        exp: Experiment | None = await self._call("get_experiment_by_name", name)
        if exp is None:
            exp_id = await self._call("create_experiment", name)
        else:
            exp_id = exp.experiment_id
            if exp.lifecycle_stage == "deleted":
                await self._call("restore_experiment", exp_id)
        self._ids[name] = exp_id
        return exp_id

    async def strict_experiment_id(self, name: str) -> str:
        exp = await self._call("get_experiment_by_name", name)
        if exp is None:
            raise NotFound(name)
        return exp.experiment_id

    async def drift_run(self, model: str, day: dt.date) -> Run | None:
        """The latest drift run for model and day."""
        exp_id = await self.experiment_id(self._settings.drift_experiment)
        hits = await self._call(
            "search_runs",
            [exp_id],
            filter_string=f"tags.model = '{model}' and tags.day = '{day.isoformat()}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return hits[0] if hits else None

    async def last_ok(self, job: str) -> Run | None:
        """Newest successful run of a job."""
        exp_id = await self.experiment_id(self._settings.jobs_experiment)
        hits = await self._call(
            "search_runs",
            [exp_id],
            f"tags.job = '{job}' and attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not hits:
            return None
        return hits[0]

    async def last_any(self, job: str) -> Run | None:
        """Newest run of a job, running and failed ones too."""
        exp_id = await self.experiment_id(self._settings.jobs_experiment)
        hits = await self._call(
            "search_runs",
            [exp_id],
            f"tags.job = '{job}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return next(iter(hits), None)

    async def by_id(self, run_id: str) -> Run:
        try:
            return await self._call("get_run", run_id)
        except MlflowException as exc:
            logger.info("run.missing", run_id=run_id)
            raise NotFound(run_id) from exc

    async def iter_jobs(self, since_ms: int) -> AsyncIterator[Run]:
        exp_id = await self.experiment_id(self._settings.jobs_experiment)
        token = None
        while True:
            page = await self._call(
                "search_runs",
                [exp_id],
                filter_string=f"attributes.start_time > {since_ms}",
                max_results=self._settings.page_size,
                page_token=token,
            )
            for run in page:
                yield run
            token = page.token
            if not token:
                break
