from __future__ import annotations

import asyncio
import functools
import logging
import random
import time
from typing import Any, Awaitable, Callable, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger("fraud.resilience")


def retry(times: int = 3, base: float = 0.2, on: tuple[type[Exception], ...] = (ConnectionError,)):
    def outer(fn: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(fn)
        def inner(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(1, times + 1):
                try:
                    return fn(*args, **kwargs)
                except on as exc:
                    if attempt == times:
                        raise
                    pause = base * 2**attempt * (0.5 + random.random())
                    logger.warning("%s failed (%s), again in %.1fs", fn.__name__, exc, pause)
                    time.sleep(pause)
            raise AssertionError("unreachable")

        return inner

    return outer


def ttl_cache(seconds: float):
    def outer(fn: Callable[..., R]) -> Callable[..., R]:
        store: dict[Any, tuple[float, R]] = {}

        @functools.wraps(fn)
        def inner(*args: Any) -> R:
            hit = store.get(args)
            if hit is not None and time.monotonic() - hit[0] < seconds:
                return hit[1]
            value = fn(*args)
            store[args] = (time.monotonic(), value)
            return value

        return inner

    return outer


def in_thread(fn: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    @functools.wraps(fn)
    async def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.to_thread(fn, *args, **kwargs)

    return inner
