"""How an evaluation is kept."""

from __future__ import annotations

import asyncio
import importlib
import logging
from typing import Any

logger = logging.getLogger(__name__)


class EvalTracker:
    """Writes an evaluation; the client blocks, so it is called in threads."""

    def __init__(self, experiment: str) -> None:
        self.experiment = experiment
        self._mlflow: Any = importlib.import_module("mlflow")
        self._client: Any = self._mlflow.MlflowClient()
        self._experiment_id: str | None = None

    def experiment_id(self) -> str:
        if self._experiment_id is None:
            try:
                self._experiment_id = self._client.create_experiment(self.experiment)
            except self._mlflow.exceptions.MlflowException:
                logger.debug("experiment %s exists", self.experiment)
                existing = self._client.get_experiment_by_name(self.experiment)
                self._experiment_id = existing.experiment_id
        return self._experiment_id

    def find(self, digest: str, model: str, dataset: str) -> str | None:
        """The id of the finished evaluation of a prompt, or None."""
        clauses = [
            f"tags.`eval.prompt_digest` = '{digest}'",
            f"tags.`eval.model` = '{model}'",
            f"tags.`eval.dataset` = '{dataset}'",
            "attributes.status = 'FINISHED'",
        ]
        runs = self._client.search_runs(
            [self.experiment_id()],
            filter_string=" and ".join(clauses),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0].info.run_id if runs else None

    async def open(self, digest: str, model: str, dataset: str) -> str:
        run = await asyncio.to_thread(
            self._client.create_run,
            self.experiment_id(),
            tags={
                "eval.prompt_digest": digest,
                "eval.model": model,
                "eval.dataset": dataset,
            },
        )
        return run.info.run_id

    async def open_judge(self, parent_id: str, judge: str) -> str:
        run = await asyncio.to_thread(
            self._client.create_run,
            self.experiment_id(),
            tags={"mlflow.parentRunId": parent_id, "eval.judge": judge},
            run_name=f"judge-{judge}",
        )
        return run.info.run_id

    async def scores(self, run_id: str, values: list[float]) -> None:
        for step, value in enumerate(values):
            await asyncio.to_thread(self._client.log_metric, run_id, "score", value, step=step)
        mean = sum(values) / len(values) if values else 0.0
        await asyncio.to_thread(self._client.log_metric, run_id, "score_mean", mean)

    async def close(self, run_id: str, ok: bool = True) -> None:
        status = "FINISHED" if ok else "FAILED"
        await asyncio.to_thread(self._client.set_terminated, run_id, status)
