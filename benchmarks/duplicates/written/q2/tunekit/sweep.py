"""Sweep driver: one parent run, one child per grid point."""
from __future__ import annotations

import logging
import os
import platform
import subprocess
from pathlib import Path

import mlflow
from mlflow import MlflowClient

from tunekit.config import SweepConfig
from tunekit.resume import find_completed
from tunekit.train import train

log = logging.getLogger("tunekit.sweep")


def git_sha() -> str:
    try:
        return subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


class Sweep:
    def __init__(self, cfg: SweepConfig, out: Path):
        self.cfg = cfg
        self.out = out
        self.client = MlflowClient()
        self.experiment_id = self._experiment()

    def _experiment(self) -> str:
        name = f"sweeps/{self.cfg.name}"
        exp = self.client.get_experiment_by_name(name)
        if exp is None:
            return self.client.create_experiment(name, tags={"team": "llm-ft"})
        return exp.experiment_id

    def _provenance(self) -> dict:
        return {
            "prov.git_sha": git_sha(),
            "prov.user": os.environ.get("USER", "?"),
            "prov.host": platform.node(),
            "prov.python": platform.python_version(),
        }

    def parent(self):
        """The parent run of this sweep; made on first use."""
        hits = self.client.search_runs(
            [self.experiment_id], f"tags.`sweep.name` = '{self.cfg.name}' and tags.`sweep.role` = 'parent'", max_results=1
        )
        if hits:
            return hits[0]
        return self.client.create_run(
            self.experiment_id,
            run_name=f"sweep-{self.cfg.name}",
            tags={"sweep.name": self.cfg.name, "sweep.role": "parent", **self._provenance()},
        )

    def children(self):
        parent = self.parent()
        return self.client.search_runs(
            [self.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'", max_results=1000
        )

    def run(self):
        parent = self.parent()
        ids = []
        for i, point in enumerate(self.cfg.points()):
            done = find_completed(self.experiment_id, point.fingerprint())
            if done is not None:
                log.info("point %d done in %s", i, done.info.run_id)
                ids.append(done.info.run_id)
                continue
            rid = train(point, self.experiment_id, self.out)
            self.client.set_tag(rid, "mlflow.parentRunId", parent.info.run_id)
            ids.append(rid)
        self.client.set_terminated(parent.info.run_id)
        return ids

    def best(self):
        """Lowest validation loss among finished points with an adapter."""
        runs = self.client.search_runs(
            [self.experiment_id],
            "attributes.status = 'FINISHED' and tags.`tunekit.adapter` != ''",
            order_by=["metrics.val_loss ASC"],
            max_results=1,
        )
        if not runs:
            raise LookupError(f"sweep {self.cfg.name} has no finished point")
        return runs[0]


def prune_checkpoints(experiment_id: str, keep_ids: set[str]) -> None:
    for run in MlflowClient().search_runs([experiment_id], "attributes.status = 'FINISHED'"):
        if run.info.run_id in keep_ids:
            continue
        mlflow.delete_run(run.info.run_id)
