"""Everything about MLflow that did not fit anywhere else."""

import functools
import logging
import random
import time
from typing import Any, Callable, Dict, List, Optional, TypeVar

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)
T = TypeVar("T")

RETRYABLE = ("429", "500", "502", "503", "timed out", "too many requests")


def with_retry(call: Callable[[], T], attempts: int = 5, base: float = 1.0) -> T:
    """Call until it works, with longer and longer breaks."""
    for attempt in range(attempts):
        try:
            return call()
        except Exception as error:
            text = str(error).lower()
            if attempt == attempts - 1 or not any(part in text for part in RETRYABLE):
                raise
            pause = base * 2**attempt + random.random()
            log.warning("MLflow call failed (%s), again in %.1f s", error, pause)
            time.sleep(pause)
    raise AssertionError("not reached")


def retried(function: Callable[..., T]) -> Callable[..., T]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> T:
        return with_retry(lambda: function(*args, **kwargs))

    return wrapper


class RetryingClient:
    """The calls we need of MlflowClient, each with retries."""

    def __init__(self, client: Optional[MlflowClient] = None) -> None:
        self._c = client or MlflowClient()

    def search_runs(self, *args: Any, **kwargs: Any) -> List[Run]:
        return with_retry(lambda: self._c.search_runs(*args, **kwargs))

    def get_run(self, run_id: str) -> Run:
        return with_retry(lambda: self._c.get_run(run_id))

    def log_metric(self, run_id: str, key: str, value: float) -> None:
        with_retry(lambda: self._c.log_metric(run_id, key, value))

    def get_or_create_experiment(self, name: str) -> str:
        exp = with_retry(lambda: self._c.get_experiment_by_name(name))
        if exp is None:
            try:
                return with_retry(lambda: self._c.create_experiment(name))
            except MlflowException:
                # somebody else was faster
                exp = with_retry(lambda: self._c.get_experiment_by_name(name))
        return exp.experiment_id


@retried
def latest_job_run(experiment_id: str, job_name: str) -> Optional[Run]:
    """The newest run of an Azure ML job."""
    client = MlflowClient()
    hits = client.search_runs(
        [experiment_id],
        f"tags.`azureml.job_name` = '{job_name}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not hits:
        return None
    return hits[0]


def log_nested(values: Dict[str, Any], prefix: str = "") -> None:
    """Log a config with dots in its keys."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            log_nested(value, name + ".")
        else:
            mlflow.log_param(name, str(value)[:250])


def delete_failed(experiment_id: str) -> int:
    client = MlflowClient()
    failed = client.search_runs([experiment_id], "attributes.status = 'FAILED'")
    for run in failed:
        client.delete_run(run.info.run_id)
    return len(failed)
