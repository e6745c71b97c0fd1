"""Runs."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any, Mapping

from tidewater._client import client
from tidewater.errors import Forbidden, RunTimeout
from tidewater.settings import Tags, get_settings

if TYPE_CHECKING:
    from mlflow.entities import Run as MlflowRun

_ENDED = {"FINISHED", "FAILED", "KILLED"}


class Run:
    """A run, with labels."""

    def __init__(self, run: "MlflowRun") -> None:
        self._run = run

    @classmethod
    def by_id(cls, run_id: str) -> "Run":
        """The run with an id."""
        return cls(client().get_run(run_id))

    @classmethod
    def start(
        cls, experiment_id: str, name: str, labels: Mapping[str, str] | None = None
    ) -> "Run":
        """Create a run that says who started it and from where."""
        settings = get_settings()
        tags = {
            "mlflow.runName": name,
            Tags.OWNER: settings.owner,
            Tags.PROJECT: settings.project,
            Tags.SOURCE: sys.argv[0] or "notebook",
            Tags.LABELS: json.dumps(dict(labels or {})),
        }
        return cls(client().create_run(experiment_id, tags=tags))

    @property
    def id(self) -> str:
        return self._run.info.run_id

    @property
    def name(self) -> str:
        return self._run.info.run_name or self.id[:8]

    @property
    def status(self) -> str:
        return self._run.info.status

    @property
    def owner(self) -> str:
        """Who started the run."""
        return self._run.data.tags.get(Tags.OWNER, "unknown")

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the run."""
        raw = self._run.data.tags.get(Tags.LABELS)
        if not raw:
            return {}
        try:
            return json.loads(raw)
        except json.JSONDecodeError:
            return {}

    @property
    def metrics(self) -> dict[str, float]:
        return dict(self._run.data.metrics)

    def log(self, step: int = 0, **metrics: float) -> None:
        """Log metrics."""
        for name, value in metrics.items():
            client().log_metric(self.id, name, value, step=step)

    def label(self, **labels: str) -> None:
        """Add labels."""
        merged = {**self.labels, **labels}
        client().set_tag(self.id, Tags.LABELS, json.dumps(merged))
        self.refresh()

    def refresh(self) -> "Run":
        """Read the run again."""
        self._run = client().get_run(self.id)
        return self

    def wait(self, timeout: float = 3600.0) -> "Run":
        """Wait until the run has ended."""
        deadline = time.monotonic() + timeout
        while self.refresh().status not in _ENDED:
            if time.monotonic() > deadline:
                raise RunTimeout(f"run {self.id} has not ended after {timeout:.0f} s")
            time.sleep(get_settings().poll_seconds)
        return self

    def finish(self, ok: bool = True) -> None:
        """End the run, which only its owner may do."""
        if self.owner != get_settings().owner:
            raise Forbidden(f"run {self.id} belongs to {self.owner}")
        client().set_terminated(self.id, status="FINISHED" if ok else "FAILED")

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "owner": self.owner,
            "labels": self.labels,
            "metrics": self.metrics,
        }
