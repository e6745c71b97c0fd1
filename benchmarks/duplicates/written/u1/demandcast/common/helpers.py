"""Things that fit nowhere else."""
import functools
import logging
import time
from datetime import date
from typing import Callable, Optional

import mlflow
import requests

from demandcast.evaluation.helpers import window_of

logger = logging.getLogger(__name__)


def timed(fn: Callable) -> Callable:
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        t0 = time.perf_counter()
        try:
            return fn(*args, **kwargs)
        finally:
            logger.info("%s took %.1fs", fn.__name__, time.perf_counter() - t0)

    return inner


def teams_message(url: str, text: str) -> None:
    resp = requests.post(url, json={"text": text}, timeout=10)
    if not resp.ok:
        logger.warning("teams said %s", resp.status_code)


def model_age_days(run_id: str) -> Optional[int]:
    """Days since the end of the training data, None for runs without a window."""
    run = mlflow.get_run(run_id)
    try:
        _, end = window_of(run)
    except KeyError:
        return None
    return (date.today() - end).days


def use_region_experiment(prefix: str, region: str) -> str:
    """For notebooks: make the region's experiment the active one."""
    exp = mlflow.set_experiment(f"{prefix}/{region}")
    return exp.experiment_id
