from __future__ import annotations

import functools
import logging
import random
import time
from typing import Callable, ParamSpec, TypeVar

from mlflow.exceptions import MlflowException
from requests.exceptions import ConnectionError, Timeout

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


def retrying(attempts: int = 3, base: float = 0.5) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Repeat a call while the tracking server is away (firewalls restart at night)."""

    def deco(fn: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(fn)
        def inner(*args: P.args, **kwargs: P.kwargs) -> T:
            for i in range(attempts):
                try:
                    return fn(*args, **kwargs)
                except (ConnectionError, Timeout, MlflowException) as exc:
                    if isinstance(exc, MlflowException) and exc.error_code != "TEMPORARILY_UNAVAILABLE":
                        raise
                    if i == attempts - 1:
                        raise
                    pause = base * 2**i + random.random() * 0.1
                    log.warning("%s failed (%s), again in %.1fs", fn.__name__, exc, pause)
                    time.sleep(pause)
            raise AssertionError("unreachable")

        return inner

    return deco
