"""A callback that logs each chain call below the suite run."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import mlflow
from langchain_core.callbacks import BaseCallbackHandler
from mlflow.tracking import MlflowClient


class EvalloomCallback(BaseCallbackHandler):
    """Make one child run per outer chain."""

    def __init__(self, suite_run_id: str, dataset: Any, prompt: Any, model: str) -> None:
        self.suite_run_id = suite_run_id
        self.dataset, self.prompt, self.model = dataset, prompt, model
        self._runs: dict[UUID, str] = {}
        self._began: dict[UUID, float] = {}
        self.client = MlflowClient()

    def _tags(self, suite: str) -> dict[str, str]:
        tags: dict[str, str] = {}
        tags["evalloom.kind"] = "evaluation"
        tags["evalloom.suite"] = suite
        tags["evalloom.model"] = self.model
        tags["evalloom.dataset"] = self.dataset.name
        tags["evalloom.dataset.digest"] = self.dataset.digest
        tags["evalloom.prompt"] = "%s/%s" % (self.prompt.name, self.prompt.version)
        return tags

    def on_chain_start(
        self,
        serialized: dict[str, Any],
        inputs: dict[str, Any],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        **kwargs: Any,
    ) -> None:
        if parent_run_id is not None:
            return
        suite = mlflow.get_run(self.suite_run_id)
        tags = self._tags(suite.data.tags.get("evalloom.suite", ""))
        tags["mlflow.parentRunId"] = self.suite_run_id
        tags["mlflow.runName"] = (serialized or {}).get("name", "chain")
        child = self.client.create_run(suite.info.experiment_id, tags=tags)
        self._runs[run_id] = child.info.run_id
        self._began[run_id] = time.time()

    def on_chain_end(self, outputs: dict[str, Any], *, run_id: UUID, **kwargs: Any) -> None:
        child = self._runs.pop(run_id, None)
        if child is None:
            return
        self.client.log_metric(child, "latency_s", time.time() - self._began.pop(run_id))
        self.client.set_terminated(child)

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        child = self._runs.pop(run_id, None)
        if child is not None:
            self.client.set_tag(child, "evalloom.error", type(error).__name__)
            self.client.set_terminated(child, status="FAILED")
