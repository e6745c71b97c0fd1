"""Runs that are still open when the interpreter exits: each is ended, and a dead server waited for
no longer than half a minute, however many they are.

MLflow tries a dead server again for four minutes in each call, and an open run needs two calls.
That is right in the middle of a training; a process that is told to go is killed meanwhile. A
server that answers is not hurried: points that take longer are sent all.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from trackfix.tracking.errors import ServerUnavailableError
from trackfix.tracking.retry import retry_with_backoff

if TYPE_CHECKING:
    from trackfix.tracking.open_run import OpenRun

SECONDS_FOR_DEAD_SERVERS = 30.0
_SECONDS_FOR_A_REQUEST = 10.0

logger = logging.getLogger("trackfix.tracking")
# In the order in which they were opened.
_open: dict[int, OpenRun] = {}


def end_at_exit(run: OpenRun) -> None:
    """End the run at interpreter exit, unless ``forget`` is called before.

    >>> from trackfix.tracking import at_exit, create_mlflow_client
    >>> from trackfix.tracking.open_run import OpenRun
    >>> client = create_mlflow_client()
    >>> run = OpenRun(client, client.create_run("0"))  # calls end_at_exit
    >>> at_exit.end_open_runs()
    >>> client.get_run(run.run_id).info.status
    'FINISHED'
    """
    _open[id(run)] = run
    # Anew for each, so that it comes before what is registered by now: MLflow's own clean-up among
    # it, since mlflow was imported to create the run.
    atexit.unregister(end_open_runs)
    atexit.register(end_open_runs)


def forget(run: OpenRun) -> None:
    """Take ``end_at_exit`` back."""
    _open.pop(id(run), None)


def end_open_runs() -> None:
    """End the runs that are open in this process, the latest first. What is lost is one warning."""
    give_up_at = time.monotonic() + SECONDS_FOR_DEAD_SERVERS
    dead: set[str] = set()
    lost: list[str] = []
    reasons: list[str] = []
    with _short_requests():
        for run in [run for run in reversed(list(_open.values())) if run.is_ours]:
            uri = run.client.tracking_uri
            try:
                if uri not in dead:
                    retry_with_backoff(
                        partial(run.end_at_exit, _SECONDS_FOR_A_REQUEST),
                        max_retries=sys.maxsize,
                        base_delay=0.5,
                        max_delay=2.0,
                        deadline=max(0.0, give_up_at - time.monotonic()),
                        retry_on=ServerUnavailableError,
                    )
                    continue
            except Exception as error:  # whatever it is, the other runs are to be ended
                reasons.append(str(error))
                if isinstance(error, ServerUnavailableError):
                    dead.add(uri)
            lost.append(run.give_up())
    if lost:
        logger.warning("at exit: %s (%s)", "; ".join(lost), "; ".join(reasons))


@contextmanager
def _short_requests() -> Iterator[None]:
    # MLflow reads these at each request.
    from mlflow.environment_variables import MLFLOW_HTTP_REQUEST_TIMEOUT

    seconds = min(MLFLOW_HTTP_REQUEST_TIMEOUT.get(), _SECONDS_FOR_A_REQUEST)
    short = {
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
        MLFLOW_HTTP_REQUEST_TIMEOUT.name: f"{seconds:.0f}",
    }
    before = {name: os.environ.get(name) for name in short}
    os.environ.update(short)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
