"""Logger that owns a run and writes with the client."""

from __future__ import annotations

import getpass
import platform
import time
from typing import Any, Dict, Optional

from mlflow.entities import Metric, Param
from mlflow.tracking import MlflowClient

import heronvision
from heronvision.loggers.base import Logger
from heronvision.utils import git


class MLflowLogger(Logger):
    def __init__(
        self,
        experiment_name: str = "heron",
        tracking_uri: Optional[str] = None,
        run_name: Optional[str] = None,
        config_hash: str = "",
        resume: bool = True,
    ) -> None:
        self._client = MlflowClient(tracking_uri)
        self._experiment_name = experiment_name
        self._run_name = run_name
        self._hash = config_hash
        self._resume = resume
        self._experiment_id: Optional[str] = None
        self._run_id: Optional[str] = None

    @property
    def experiment_id(self) -> str:
        if self._experiment_id is None:
            expt = self._client.get_experiment_by_name(self._experiment_name)
            if expt is not None:
                self._experiment_id = expt.experiment_id
            else:
                self._experiment_id = self._client.create_experiment(name=self._experiment_name)
        return self._experiment_id

    def _old_run(self) -> Optional[str]:
        if not (self._resume and self._hash):
            return None
        query = "tags.config_hash = '%s'" % self._hash
        hits = self._client.search_runs([self.experiment_id], query, order_by=["attribute.start_time DESC"])
        if len(hits) == 0:
            return None
        return hits[0].info.run_id

    def start(self, config: Dict[str, Any]) -> None:
        self._run_id = self._old_run()
        if self._run_id:
            self._client.update_run(self._run_id, status="RUNNING")
            return
        tags: Dict[str, str] = {"user": getpass.getuser()}
        tags["host"] = platform.node()
        tags["config_hash"] = self._hash
        commit = git.commit()
        if commit:
            tags["git_commit"] = commit
            tags["git_dirty"] = str(git.dirty())
        tags["heronvision"] = heronvision.__version__
        run = self._client.create_run(self.experiment_id, run_name=self._run_name, tags=tags)
        self._run_id = run.info.run_id
        self._client.log_batch(self._run_id, params=[Param(k, str(v)) for k, v in config.items()])

    def metrics(self, values: Dict[str, float], step: int) -> None:
        now = int(time.time() * 1000)
        self._client.log_batch(self._run_id, metrics=[Metric(k, v, now, step) for k, v in values.items()])

    def finish(self, ok: bool = True) -> None:
        self._client.set_terminated(self._run_id, "FINISHED" if ok else "FAILED")
