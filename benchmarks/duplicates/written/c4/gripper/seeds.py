"""Runs of the seeds of a trial."""

from __future__ import annotations

import functools
from collections.abc import Callable

import mlflow


def per_seed(function: Callable[..., float]) -> Callable[..., float]:
    """Runs ``function(seed=...)`` in a child run of the active run."""

    @functools.wraps(function)
    def wrapped(*args, seed: int, **kwargs):
        with mlflow.start_run(run_name=f"seed-{seed}", nested=True, tags={"trial.seed": str(seed)}) as child:
            mlflow.log_param("seed", seed)
            value = function(*args, seed=seed, **kwargs)
            mlflow.log_metric("success_rate", value)
            mlflow.set_tag("child_id", child.info.run_id)
            return value

    return wrapped
