"""Decorators which open runs."""
from __future__ import annotations

import asyncio
import functools
import getpass
import inspect
import os
import time

import mlflow

from copilot.settings import get_settings


def _base_tags(kind: str) -> dict[str, str]:
    cfg = get_settings()
    return {
        "app.kind": kind,
        "app.env": cfg.env,
        "app.user": os.environ.get("CI_USER", getpass.getuser()),
        "app.commit": os.environ.get("GIT_COMMIT", "local"),
    }


def with_run(kind: str, experiment: str | None = None):
    """Run the coroutine or function inside an MLflow run of the given kind."""

    def deco(fn):
        def _open():
            cfg = get_settings()
            mlflow.set_tracking_uri(cfg.tracking_uri)
            mlflow.set_experiment(experiment or cfg.eval_experiment_name)
            return mlflow.start_run(run_name=f"{kind}-{fn.__name__}", tags=_base_tags(kind))

        if inspect.iscoroutinefunction(fn):

            @functools.wraps(fn)
            async def awrap(*a, **kw):
                with _open() as run:
                    t0 = time.monotonic()
                    try:
                        return await fn(*a, run=run, **kw)
                    finally:
                        mlflow.log_metric("wall_seconds", time.monotonic() - t0)

            return awrap

        @functools.wraps(fn)
        def wrap(*a, **kw):
            with _open() as run:
                return fn(*a, run=run, **kw)

        return wrap

    return deco


def retry_async(times: int = 3, delay: float = 0.5):
    def deco(fn):
        @functools.wraps(fn)
        async def inner(*a, **kw):
            for i in range(times):
                try:
                    return await fn(*a, **kw)
                except (TimeoutError, ConnectionError):
                    if i == times - 1:
                        raise
                    await asyncio.sleep(delay * 2**i)

        return inner

    return deco
