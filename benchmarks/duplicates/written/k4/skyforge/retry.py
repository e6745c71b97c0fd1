"""Retries for calls that may fail for a moment."""

from __future__ import annotations

import functools
import logging
import random
import time
from typing import Any, Callable, TypeVar

from mlflow.exceptions import MlflowException, RestException

log = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])

TRANSIENT = {"TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR", "REQUEST_LIMIT_EXCEEDED"}


def is_transient(error: MlflowException) -> bool:
    """Whether another try may help."""
    return getattr(error, "error_code", None) in TRANSIENT


def retry(tries: int = 4, base: float = 0.5, cap: float = 10.0) -> Callable[[F], F]:
    """Try again with growing waits."""

    def wrap(fn: F) -> F:
        @functools.wraps(fn)
        def call(*args: Any, **kwargs: Any) -> Any:
            for attempt in range(tries):
                try:
                    return fn(*args, **kwargs)
                except RestException as error:
                    if attempt + 1 == tries or not is_transient(error):
                        raise
                    wait = min(cap, base * 2**attempt) * (0.5 + random.random())
                    log.warning("%s failed (%s), next try in %.1f s", fn.__name__, error.error_code, wait)
                    time.sleep(wait)
            return None

        return call  # type: ignore[return-value]

    return wrap
