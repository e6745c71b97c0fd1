"""Trials that run in a pool of threads."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable

from mlflow.tracking import MlflowClient

import pinetree
from pinetree.config import StudyConfig


class RunFuture:
    """A trial under way together with its run."""

    def __init__(self, future: Future, run_id: str, number: int) -> None:
        self.future = future
        self.run_id = run_id
        self.number = number

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the trial."""
        return self.future.result(timeout)


class Pool:
    """Submits trials; each gets its own run."""

    def __init__(self, config: StudyConfig, experiment_id: str, parent_id: str, workers: int = 4) -> None:
        self.config = config
        self.experiment_id = experiment_id
        self.parent_id = parent_id
        self._client = MlflowClient(config.tracking_uri)
        self._executor = ThreadPoolExecutor(workers)
        self._futures: list[RunFuture] = []

    def _tags(self, n: int) -> dict[str, str]:
        tags = {"pinetree.kind": "trial"}
        tags["pinetree.trial"] = f"{n}"
        tags["pinetree.sampler"] = self.config.sampler
        tags["pinetree.version"] = pinetree.__version__
        return tags

    def submit(self, fn: Callable[..., dict[str, float]], n: int, params: dict[str, Any]) -> RunFuture:
        """Start a trial in the pool."""
        labels = self._tags(n)
        labels.update({
            "mlflow.parentRunId": self.parent_id,
            "mlflow.runName": "-".join([self.config.name, str(n)]),
        })
        info = self._client.create_run(experiment_id=self.experiment_id, tags=labels).info

        def work() -> dict[str, float]:
            started = time.monotonic()
            try:
                metrics = fn(params)
            except Exception:
                self._client.set_terminated(info.run_id, "FAILED")
                raise
            metrics["fit_seconds"] = time.monotonic() - started
            for key, value in metrics.items():
                self._client.log_metric(info.run_id, key, value)
            self._client.set_terminated(info.run_id)
            return metrics

        handle = RunFuture(self._executor.submit(work), info.run_id, n)
        self._futures.append(handle)
        return handle

    def take_over(self, started_ms: int) -> str:
        """The run that an autologging worker has made for itself."""
        filt = " and ".join([f"start_time >= {started_ms}", "tags.`mlflow.autologging` != ''"])
        for run in self._client.search_runs([self.experiment_id], filt, order_by=["attributes.start_time desc"]):
            if run.data.tags.get("pinetree.trial"):
                continue
            return run.info.run_id
        raise LookupError("autologging left no run")

    def cancel(self) -> None:
        """Stop what has not begun and close its run."""
        for handle in self._futures:
            if handle.future.cancel():
                self._client.set_terminated(handle.run_id, "KILLED")
        self._executor.shutdown(wait=True)
