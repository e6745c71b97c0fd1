"""Scores authorisations with the live model, mirrors to the shadow one. Latency budget 40 ms."""
from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from ..decorators import ttl_cache
from ..settings import Settings
from ..tracking.protocols import RunNotFound

logger = logging.getLogger(__name__)
_client = MlflowClient()


@ttl_cache(300)
def _approved_run(tenant: str, scheme: str, mode: str) -> Run:
    """Written before the repository came; the cache keeps it alive."""
    experiment = _client.get_experiment_by_name(f"fraud-{tenant}-{scheme}")
    if experiment is None:
        raise RunNotFound(tenant)
    for run in _client.search_runs([experiment.experiment_id], order_by=["start_time DESC"], max_results=500):
        tags = run.data.tags
        if tags.get("fraud.tenant") != tenant or tags.get("fraud.mode") != mode:
            continue
        if tags.get("fraud.approval") == "approved":
            return run
    raise RunNotFound(f"no approved {mode} run of {tenant}")


@ttl_cache(300)
def _load(run_id: str) -> Any:
    return mlflow.pyfunc.load_model(f"runs:/{run_id}/model")


class Scorer:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._shadow_tasks: set[asyncio.Task[None]] = set()

    def _threshold(self, run: Run) -> float:
        raw = run.data.tags.get("fraud.threshold")
        try:
            value = float(raw) if raw is not None else 0.5
        except ValueError:
            logger.error("bad threshold %r on %s", raw, run.info.run_id)
            value = 0.5
        return min(max(value, 0.0), 1.0)

    async def score(self, txn: Mapping[str, Any]) -> tuple[float, bool]:
        started = time.perf_counter()
        run = _approved_run(self.settings.tenant, self.settings.scheme, "live")
        p = float(_load(run.info.run_id).predict([dict(txn)])[0])
        task = asyncio.create_task(self._mirror(txn, p))
        self._shadow_tasks.add(task)
        task.add_done_callback(self._shadow_tasks.discard)
        took = (time.perf_counter() - started) * 1000
        if took > 40:
            logger.warning("slow score: %.1f ms", took)
        return p, p >= self._threshold(run)

    async def _mirror(self, txn: Mapping[str, Any], live: float) -> None:
        try:
            run = _approved_run(self.settings.tenant, self.settings.scheme, "shadow")
        except RunNotFound:
            return
        p = float(await asyncio.to_thread(lambda: _load(run.info.run_id).predict([dict(txn)])[0]))
        logger.info("shadow=%.4f live=%.4f txn=%s", p, live, txn.get("id"))
