"""Helpers for training jobs."""
import json
import logging
import os
import subprocess
from contextlib import contextmanager
from typing import Dict, Iterator, List, Optional

import mlflow
import numpy as np
from mlflow.entities import Run, ViewType
from mlflow.tracking import MlflowClient

from demandcast.config import ForecastConfig, iso_week

logger = logging.getLogger(__name__)


def wape(y_true, y_pred) -> float:
    y_true, y_pred = np.asarray(y_true, float), np.asarray(y_pred, float)
    return float(np.abs(y_true - y_pred).sum() / max(np.abs(y_true).sum(), 1e-9))


def git_sha() -> str:
    try:
        return subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return os.environ.get("BUILD_SHA", "unknown")


def ensure_experiment(cfg: ForecastConfig) -> str:
    """Id of the region's experiment; created if it isn't there, restored if somebody deleted it."""
    client = MlflowClient(cfg.mlflow.tracking_uri)
    name = cfg.mlflow.experiment_name(cfg.region)
    exp = client.get_experiment_by_name(name)
    if exp is None:
        logger.info("creating experiment %s", name)
        return client.create_experiment(name, artifact_location=f"{cfg.mlflow.artifact_root}/{cfg.region}")
    if exp.lifecycle_stage == "deleted":
        logger.warning("experiment %s was deleted, restoring", name)
        client.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def run_tags(cfg: ForecastConfig, family: str) -> Dict[str, str]:
    tags = {
        "dc.region": cfg.region,
        "dc.family": family,
        "dc.git_sha": git_sha(),
        "dc.train_window": cfg.window.as_tag(),
    }
    return tags


@contextmanager
def store_run(store: str, family: str, tags: Optional[Dict[str, str]] = None) -> Iterator[mlflow.ActiveRun]:
    """Nested run for one store under the active weekly run."""
    run_name = f"{store}-{family}"
    with mlflow.start_run(run_name=run_name, nested=True) as run:
        mlflow.set_tags({"dc.store": store, "dc.family": family, "dc.level": "store"})
        if tags:
            mlflow.set_tags(tags)
        try:
            yield run
        except Exception as exc:  # one bad store must not stop the week
            logger.exception("store %s failed", store)
            mlflow.set_tag("dc.error", repr(exc)[:250])


def find_weekly_run(experiment_id: str, week: str) -> Optional[Run]:
    """Newest parent run of an ISO week, None if the week has not been trained."""
    client = MlflowClient()
    hits = client.search_runs(
        [experiment_id],
        filter_string=f"tags.`dc.level` = 'week' and tags.`dc.week` = '{week}'",
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=1,
        order_by=["attributes.start_time DESC"],
    )
    return hits[0] if hits else None


def log_params_flat(params: Dict, prefix: str = "") -> None:
    flat = {}
    for key, value in params.items():
        if isinstance(value, dict):
            log_params_flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value if not isinstance(value, list) else json.dumps(value)
    if flat:
        mlflow.log_params(flat)


def split_holdout(frame, horizon: int):
    cut = frame["ds"].max() - np.timedelta64(horizon, "D")
    return frame[frame["ds"] <= cut], frame[frame["ds"] > cut]


def feature_columns(frame) -> List[str]:
    return [c for c in frame.columns if c not in {"ds", "y", "store_id", "region"}]
