"""Skip a step whose result is already in a run."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any, Dict, Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)


def cache_key(step: str, params: Dict[str, Any]) -> str:
    return hashlib.sha1(json.dumps([step, params], sort_keys=True, default=str).encode()).hexdigest()


def cached_run(client: MlflowClient, experiment_id: str, key: str) -> Optional[Run]:
    runs = client.search_runs(
        [experiment_id],
        f"tags.`loomstep.cache_key` = '{key}' and attributes.status = 'FINISHED'",
        order_by=["attributes.end_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def attempts_of(run: Run) -> int:
    """How often a step was tried."""
    try:
        return int(run.data.tags.get("loomstep.attempt", "0")) + 1
    except ValueError:
        return 1


class CachedStep:
    """Wrap a function; its result is a dictionary kept as an artifact."""

    def __init__(self, func, experiment_id: str) -> None:
        self.func = func
        self.experiment_id = experiment_id

    def __call__(self, **params: Any) -> Dict[str, Any]:
        key = cache_key(self.func.__name__, params)
        hit = cached_run(MlflowClient(), self.experiment_id, key)
        if hit is not None:
            logger.info("%s comes from run %s", self.func.__name__, hit.info.run_id)
            return mlflow.artifacts.load_dict(f"{hit.info.artifact_uri}/result.json")
        with mlflow.start_run(
            experiment_id=self.experiment_id, nested=True, tags={"loomstep.cache_key": key}
        ):
            result = self.func(**params)
            mlflow.log_dict(result, "result.json")
        return result
