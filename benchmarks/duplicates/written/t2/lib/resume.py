"""Resumable runs."""
from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

import mlflow
from mlflow.entities import Run, RunStatus

from lib.tracking import Tracker

logger = logging.getLogger(__name__)


@dataclass
class ResumeManager:
    tracker: Tracker
    max_age_h: float = 24 * 14
    attempts: dict[str, int] = field(default_factory=dict)

    def _filter(self, key: str) -> str:
        open_states = (RunStatus.RUNNING, RunStatus.FAILED, RunStatus.KILLED)
        states = ", ".join(f"'{RunStatus.to_string(s)}'" for s in open_states)
        return f"tags.run_key = '{key}' AND attributes.status IN ({states})"

    def _lookup(self, key: str) -> Run | None:
        runs = self.tracker.client.search_runs(
            experiment_ids=[self.tracker.experiment_id],
            filter_string=self._filter(key),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        try:
            return runs[0]
        except IndexError:
            return None

    def too_old(self, run: Run) -> bool:
        return (time.time() - run.info.start_time / 1000) > self.max_age_h * 3600

    def open(self, key: str) -> mlflow.ActiveRun:
        run = self._lookup(key)
        if run and not self.too_old(run):
            self.attempts[key] = self.attempts.get(key, 0) + 1
            logger.info("resume %s (attempt %d)", run.info.run_id, self.attempts[key])
            return mlflow.start_run(run_id=run.info.run_id)
        return mlflow.start_run(experiment_id=self.tracker.experiment_id, tags={"run_key": key, "resumable": "yes"})
