from __future__ import annotations

import functools
import time

import mlflow


def audited(name: str):
    """Run the function in an MLflow run of its own."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with mlflow.start_run(run_name=name, nested=mlflow.active_run() is not None):
                started = time.monotonic()
                try:
                    return function(*args, **kwargs)
                finally:
                    mlflow.log_metric("seconds", time.monotonic() - started)

        return wrapper

    return decorate
