"""Calling again what failed for a reason that may pass."""

from __future__ import annotations

import functools
import inspect
import logging
import random
import sys
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar, overload

from trackfix.tracking.errors import ConfigError, ServerUnavailableError, is_outage, redacted

_logger = logging.getLogger("trackfix.tracking")
_P = ParamSpec("_P")
_T = TypeVar("_T")

RetryOn = type[BaseException] | tuple[type[BaseException], ...] | Callable[[BaseException], bool]


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed later: an outage, or an HTTP status that says so.

    The status is looked up where clients keep it, in ``status_code`` or ``response.status_code``;
    the text of the error is never read.

    >>> from trackfix.tracking.retry import is_transient
    >>> is_transient(ConnectionResetError()), is_transient(ValueError("run 429abc: timeout"))
    (True, False)
    """
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    return isinstance(error, ServerUnavailableError) or is_outage(error) or status in _TRANSIENT


@overload
def retry_with_backoff(
    function: Callable[[], _T],
    /,
    *,
    max_retries: int = ...,
    base_delay: float = ...,
    max_delay: float = ...,
    deadline: float | None = ...,
    retry_on: RetryOn = ...,
    sleep: Callable[[float], None] = ...,
    clock: Callable[[], float] = ...,
    random: Callable[[], float] = ...,
) -> _T: ...


@overload
def retry_with_backoff(
    *,
    max_retries: int = ...,
    base_delay: float = ...,
    max_delay: float = ...,
    deadline: float | None = ...,
    retry_on: RetryOn = ...,
    sleep: Callable[[float], None] = ...,
    clock: Callable[[], float] = ...,
    random: Callable[[], float] = ...,
) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]: ...


def retry_with_backoff(
    function: Callable[[], _T] | None = None,
    /,
    *,
    max_retries: int = 3,
    base_delay: float = 1.0,
    max_delay: float = 60.0,
    deadline: float | None = None,
    retry_on: RetryOn = is_transient,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    random: Callable[[], float] = random.random,
) -> _T | Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Call the function, and again after a pause when it fails for a reason that may pass.

    With a function it is called at once, and its result returned; without one, this is a decorator
    (to be written with its parentheses). The pause before retry *n* (from 0) is random between 0
    and ``base_delay * 2**n`` seconds, so that many workers don't come back at once ("full jitter":
    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter).

    MLflow itself tries HTTP requests again, for minutes. Use this for what is to survive
    a longer outage, and for stores that MLflow reaches otherwise. A call that creates something may
    have done so although it failed: it must be one that can be repeated.

    Args:
        max_retries: how often to try again; 0 means one call and no other, and ``sys.maxsize`` that
            the deadline alone decides.
        base_delay: seconds, the longest first pause.
        max_delay: seconds, the longest pause.
        deadline: seconds from the first call after which no retry begins.
        retry_on: the exception types to try again after, or a function that tells; without it,
            ``is_transient``, which goes by type and status and never by the text of the error.
        sleep, clock, random: to be replaced in tests.

    Raises:
        ConfigError: a negative number; or an ``async`` function, which fails when it is awaited and
            not when it is called: retry the calls in it.
        Exception: whatever the last call raised, unchanged.

    >>> from trackfix.tracking import create_mlflow_client, retry_with_backoff
    >>> client = create_mlflow_client()
    >>> retry_with_backoff(lambda: client.get_experiment("0").name, deadline=30)
    'Default'
    >>> @retry_with_backoff(max_retries=5, retry_on=ConnectionError)
    ... def experiment_names():
    ...     return [experiment.name for experiment in client.search_experiments()]
    >>> experiment_names()
    ['Default']
    """
    if min(max_retries, base_delay, max_delay, deadline or 0) < 0:
        raise ConfigError("max_retries, base_delay, max_delay and deadline must not be negative")

    def call(attempt: Callable[[], _T]) -> _T:
        started = clock()
        for retry in range(max_retries):
            try:
                return attempt()
            except Exception as error:
                if not _matches(error, retry_on):
                    raise
                # The exponent is limited: 2.0**1024 overflows.
                pause = random() * min(max_delay, base_delay * 2 ** min(retry, 64))
                if deadline is not None and clock() - started + pause > deadline:
                    raise
                _logger.warning(
                    "failed (%s); retry %d%s in %.1f s",
                    redacted(f"{type(error).__name__}: {error}"),
                    retry + 1,
                    f" of {max_retries}" if max_retries < sys.maxsize else "",
                    pause,
                )
            sleep(pause)
        return attempt()

    if function is not None:
        _require_synchronous(function)
        return call(function)

    def decorate(decorated: Callable[_P, _T]) -> Callable[_P, _T]:
        _require_synchronous(decorated)

        @functools.wraps(decorated)
        def retried(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            return call(lambda: decorated(*args, **kwargs))

        return retried

    return decorate


# Request timeout, too many requests, and the server's own troubles.
_TRANSIENT = {408, 429, 500, 502, 503, 504}


def _require_synchronous(function: Callable[..., object]) -> None:
    if inspect.iscoroutinefunction(function):
        raise ConfigError(
            f"{getattr(function, '__name__', function)} is an async function, which fails when it "
            "is awaited: put retry_with_backoff around the calls in it"
        )


def _matches(error: BaseException, retry_on: RetryOn) -> bool:
    if isinstance(retry_on, (type, tuple)):
        return isinstance(error, retry_on)
    return retry_on(error)
