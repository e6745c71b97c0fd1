"""Runs that end with the block that they were opened for, whatever leaves it."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from trackfix.tracking import interrupts
from trackfix.tracking.errors import TrackingError
from trackfix.tracking.open_run import OpenRun

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

logger = logging.getLogger("trackfix.tracking")


class StartedRun(tuple[str, "Run"]):
    """A run that was created, as ``(run_id, Run)``. In a ``with`` statement it is ended in every
    case, as by ``create_child_run``; without one, the caller ends it.

    >>> from trackfix.tracking import create_child_run, create_mlflow_client
    >>> client = create_mlflow_client()
    >>> parent = client.create_run("0")
    >>> run_id, run = create_child_run("a", parent.info.run_id, return_tuple=True)
    >>> client.set_terminated(run_id)
    >>> with create_child_run("b", parent.info.run_id, return_tuple=True) as (run_id, run):
    ...     client.log_metric(run_id, "loss", 0.5)
    >>> client.get_run(run_id).info.status
    'FINISHED'
    """

    _client: MlflowClient
    _block: AbstractContextManager[None]

    def __new__(cls, client: MlflowClient, run: Run) -> StartedRun:
        self = super().__new__(cls, (run.info.run_id, run))
        self._client = client
        return self

    def __enter__(self) -> StartedRun:
        self._block = ended_in_every_case(open_run(self._client, self[1]))
        self._block.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._block.__exit__(kind, error, traceback)


def open_run(client: MlflowClient, run: Run) -> OpenRun:
    """The run as an open one, and as MLflow's active run if it is in the store of this process.

    >>> import mlflow
    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.ended_runs import open_run
    >>> client = create_mlflow_client()
    >>> opened = open_run(client, client.create_run("0"))
    >>> mlflow.active_run().info.run_id == opened.run_id
    True
    >>> opened.end("FINISHED")
    """
    import mlflow

    return OpenRun(client, run, make_active=client.tracking_uri == mlflow.get_tracking_uri())


@contextmanager
def ended_in_every_case(opened: OpenRun) -> Iterator[None]:
    """End the run with the block: FINISHED, FAILED on an exception, KILLED when it was interrupted.

    Raises:
        TrackingError: it can't be ended. When the block has raised, this is a warning instead.

    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.ended_runs import ended_in_every_case, open_run
    >>> client = create_mlflow_client()
    >>> opened = open_run(client, client.create_run("0"))
    >>> with ended_in_every_case(opened):
    ...     raise ValueError("no data")
    Traceback (most recent call last):
    ValueError: no data
    >>> client.get_run(opened.run_id).info.status
    'FAILED'
    """
    with _sigterm_noted() as sigterm_came:
        try:
            yield
        except BaseException as error:
            status = "KILLED" if sigterm_came() else interrupts.end_status(error)
            try:
                opened.end(status)
            except TrackingError as why:
                # What went wrong in the block is what the caller has to see.
                logger.warning("run %s stays RUNNING: %s", opened.run_id, why)
            raise
    opened.end("FINISHED")


@contextmanager
def _sigterm_noted() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM came to a handler of the program's own, which may exit with any code. It is
    called as before, and may return: then the block goes on.
    """
    came = False
    programs = signal.getsignal(signal.SIGTERM)
    if (
        not callable(programs)
        or programs is interrupts._raise_terminated
        or threading.current_thread() is not threading.main_thread()
    ):
        yield lambda: False
        return

    def note(signum: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        programs(signum, frame)

    signal.signal(signal.SIGTERM, note)
    try:
        yield lambda: came
    finally:
        if signal.getsignal(signal.SIGTERM) is note:
            signal.signal(signal.SIGTERM, programs)
