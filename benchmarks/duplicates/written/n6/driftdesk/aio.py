"""For the dashboard: ask for all models at once."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from mlflow.tracking import MlflowClient

from driftdesk.config import Watched, experiment_name
from driftdesk.store import Store


class AsyncBoard:
    """The state of all models."""

    def __init__(self, models: list[Watched]) -> None:
        self.models = models
        self.client = MlflowClient()

    async def _yesterday(self, model: Watched) -> Any:
        experiment = await asyncio.to_thread(
            self.client.get_experiment_by_name, experiment_name(model.model)
        )
        if experiment is None:
            return None
        yesterday = (dt.date.today() - dt.timedelta(days=1)).isoformat()
        query = {"drift.kind": "daily", "drift.day": yesterday, "drift.model": model.model}
        runs = await asyncio.to_thread(
            self.client.search_runs,
            [experiment.experiment_id],
            " and ".join([*(f"tags.`{k}` = '{v}'" for k, v in query.items()), "status = 'FINISHED'"]),
            max_results=1,
            order_by=["start_time DESC"],
        )
        return next(iter(runs), None)

    async def row(self, model: Watched) -> dict[str, Any]:
        run = await self._yesterday(model)
        if run is None:
            return {"model": model.model, "state": "missing"}
        value = run.data.metrics.get("psi.max", 0.0)
        return {
            "model": model.model,
            "state": "alarm" if value > model.limit else "ok",
            "psi": value,
            "rows": run.data.tags.get("drift.rows"),
        }

    async def rows(self) -> list[dict[str, Any]]:
        return list(await asyncio.gather(*(self.row(model) for model in self.models)))

    async def worst(self) -> list[Any]:
        stores = [Store(model, self.client) for model in self.models]
        return await asyncio.gather(*(asyncio.to_thread(s.worst_day) for s in stores))


async def newest_training(client: MlflowClient, model: str) -> Any:
    """The newest training of a model, to show its age."""
    experiment = await asyncio.to_thread(client.get_experiment_by_name, f"/training/{model}")
    if experiment is None:
        return None
    runs = await asyncio.to_thread(
        client.search_runs,
        [experiment.experiment_id],
        "attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None
