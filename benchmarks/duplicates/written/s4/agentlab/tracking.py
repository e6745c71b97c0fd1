"""Async face of MLflow: everything goes through threads, the client itself is sync."""
from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from agentlab.config import settings

logger = logging.getLogger(__name__)
_lock = asyncio.Lock()


def client() -> MlflowClient:
    return MlflowClient(tracking_uri=settings().tracking)


async def experiment_id(name: str) -> str:
    """Get, restore or create; two workers may start at the same moment."""
    c = client()
    async with _lock:
        exp = await asyncio.to_thread(c.get_experiment_by_name, name)
        if exp is None:
            try:
                return await asyncio.to_thread(c.create_experiment, name)
            except MlflowException:
                logger.info("%s was created by another worker", name)
                exp = await asyncio.to_thread(c.get_experiment_by_name, name)
        if exp.lifecycle_stage == "deleted":
            await asyncio.to_thread(c.restore_experiment, exp.experiment_id)
    return exp.experiment_id


async def baseline(suite: str) -> Run | None:
    """The run which the suite is compared with: role=baseline, the youngest."""
    eid = await experiment_id(settings().eval_experiment)
    runs = await asyncio.to_thread(
        client().search_runs,
        [eid],
        filter_string=f"tags.suite = '{suite}' AND tags.role = 'baseline'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


@asynccontextmanager
async def reopened(run_id: str, **tags: str) -> AsyncIterator[MlflowClient]:
    c = client()
    await asyncio.to_thread(c.update_run, run_id, "RUNNING")
    for k, v in tags.items():
        await asyncio.to_thread(c.set_tag, run_id, k, v)
    try:
        yield c
    except BaseException:
        await asyncio.to_thread(c.set_terminated, run_id, "FAILED")
        raise
    await asyncio.to_thread(c.set_terminated, run_id, "FINISHED")


async def log_many(run_id: str, values: Mapping[str, Any], step: int = 0) -> None:
    c = client()
    sem = asyncio.Semaphore(settings().max_parallel)

    async def one(k: str, v: Any) -> None:
        async with sem:
            await asyncio.to_thread(c.log_metric, run_id, k, float(v), None, step)

    await asyncio.gather(*(one(k, v) for k, v in values.items() if v is not None))


def attach(run_id: str) -> mlflow.ActiveRun:
    mlflow.set_tracking_uri(settings().tracking)
    return mlflow.start_run(run_id=run_id)
