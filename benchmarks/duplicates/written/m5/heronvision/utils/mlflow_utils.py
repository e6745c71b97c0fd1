"""Helpers for MLflow."""

from __future__ import annotations

import getpass
import logging
import platform
from typing import Any, Dict, List, Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from heronvision import __version__
from heronvision.config import TrainConfig
from heronvision.utils import git

LOG = logging.getLogger(__name__)


def setup(uri: Optional[str], experiment: str) -> str:
    if uri:
        mlflow.set_tracking_uri(uri)
    return mlflow.set_experiment(experiment).experiment_id


def run_for_config(cfg: TrainConfig, experiment_id: str) -> Optional[Run]:
    """An older run of the same settings, or None."""
    runs = MlflowClient().search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.config_hash = '{cfg.hash}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def provenance_tags(cfg: TrainConfig) -> Dict[str, str]:
    """Where a training comes from."""
    return {
        "config_hash": cfg.hash,
        "git_commit": git.commit(),
        "git_dirty": str(git.dirty()),
        "user": getpass.getuser(),
        "host": platform.node(),
        "heronvision": __version__,
    }


def best_checkpoint_run(experiment_id: str, task: str, metric: str = "val_acc") -> Optional[Run]:
    """The finished run of a task with the best accuracy."""
    found = MlflowClient().search_runs(
        [experiment_id],
        f"params.task = '{task}' and attributes.status = 'FINISHED'",
        order_by=[f"metrics.{metric} DESC"],
        max_results=1,
    )
    if not found:
        LOG.warning("no finished run of task %s", task)
        return None
    return found[0]


def lowest_loss_run(experiment_id: str, arch: str) -> Optional[Run]:
    found = MlflowClient().search_runs(
        [experiment_id],
        f"params.arch = '{arch}' and attributes.status = 'FINISHED'",
        order_by=["metrics.val_loss ASC"],
        max_results=1,
    )
    return found[0] if found else None


def seeds_of(experiment_id: str, paper: str) -> List[Run]:
    return MlflowClient().search_runs([experiment_id], f"tags.paper = '{paper}'", order_by=["params.seed ASC"])


def flatten(params: Dict[str, Any], prefix: str = "") -> Dict[str, Any]:
    out: Dict[str, Any] = {}
    for key, value in params.items():
        if isinstance(value, dict):
            out.update(flatten(value, f"{prefix}{key}."))
        else:
            out[prefix + key] = value
    return out
