"""Logger for hand-written PyTorch loops."""

from __future__ import annotations

import hashlib
import os
import platform
from getpass import getuser
from pathlib import Path
from typing import Any

import torch
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from trainlog.base import chunks, flat, is_main_process, scalars


def checkpoint_hash(path: str | Path) -> str:
    """A hash of a checkpoint's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()[:16]


class TorchRunLogger:
    """Writes by the client only, so that it works from any thread."""

    def __init__(self, experiment: str, name: str = "train", uri: str | None = None, checkpoint: str | None = None) -> None:
        self.enabled = is_main_process()
        self.name = name
        self.checkpoint = checkpoint
        if not self.enabled:
            return
        self.client = MlflowClient(tracking_uri=uri)
        found = self.client.get_experiment_by_name(experiment)
        if found is None:
            self.experiment_id = self.client.create_experiment(experiment)
        else:
            self.experiment_id = found.experiment_id
        self.run_id = self._open()

    def _open(self) -> str:
        given = os.getenv("TRAINLOG_RUN_ID", "")
        if not given and self.checkpoint:
            given = self.by_checkpoint(self.checkpoint) or ""
        if given:
            self.client.update_run(given, status="RUNNING")
            return given
        tags = self._tags()
        return self.client.create_run(self.experiment_id, run_name=self.name, tags=tags).info.run_id

    def _tags(self) -> dict[str, str]:
        return dict(
            framework="torch",
            framework_version=torch.__version__,
            host=platform.node(),
            user=getuser(),
        )

    def by_checkpoint(self, path: str) -> str | None:
        """The run that wrote the checkpoint."""
        key = checkpoint_hash(path)
        matches = self.client.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string="tags.ckpt_hash = '" + key + "'",
            order_by=["attributes.start_time DESC"],
        )
        if matches:
            return matches[0].info.run_id
        return None

    def next_epoch(self) -> int:
        """The epoch to go on with."""
        last = self.client.get_run(self.run_id).data.tags.get("last_epoch")
        if last is None:
            return 0
        return int(last) + 1

    def params(self, values: dict[str, Any]) -> None:
        """Log parameters in batches."""
        for part in chunks(flat(values)):
            self.client.log_batch(self.run_id, params=[Param(k, str(v)) for k, v in part.items()])

    def epoch(self, n: int, values: dict[str, Any]) -> None:
        """Log the metrics of an epoch."""
        if not self.enabled:
            return
        metrics = [Metric(k, v, 0, n) for k, v in scalars(values).items()]
        self.client.log_batch(self.run_id, metrics=metrics, tags=[RunTag("last_epoch", str(n))])

    def saved(self, path: str) -> None:
        """Note a checkpoint."""
        if self.enabled:
            self.client.set_tag(self.run_id, "ckpt_hash", checkpoint_hash(path))

    def close(self, failed: bool = False) -> None:
        """End the run."""
        if self.enabled:
            self.client.set_terminated(self.run_id, "FAILED" if failed else "FINISHED")
