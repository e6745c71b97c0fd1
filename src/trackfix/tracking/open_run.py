"""A run that this process has started and must end."""

from __future__ import annotations

import logging
import os
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from trackfix.tracking import at_exit
from trackfix.tracking.active_run import activate, is_active
from trackfix.tracking.batches import send_metrics
from trackfix.tracking.buffer import MetricBuffer
from trackfix.tracking.errors import RunNotFoundError, TrackingError, mlflow_errors
from trackfix.tracking.interrupts import (
    catch_sigterm,
    end_status,
    release_sigterm,
    sigterm_count,
    status_at_exit,
)
from trackfix.tracking.setup import is_store_of_process

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient
    from typing_extensions import Self

logger = logging.getLogger("trackfix.tracking")


class OpenRun:
    """Holds what goes with an open run: MLflow's active run, the SIGTERM handler, collected points,
    and the promise that it ends at interpreter exit at the latest.

    A ``with`` block ends it: FINISHED, FAILED on an exception, KILLED when it was interrupted. It
    is MLflow's active run in this thread, if it is in the store of this process.

    >>> import mlflow
    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.open_run import OpenRun
    >>> client = create_mlflow_client()
    >>> with OpenRun(client, client.create_run("0")) as opened:
    ...     assert mlflow.active_run().info.run_id == opened.run_id
    ...     raise ValueError("no data")
    Traceback (most recent call last):
    ValueError: no data
    >>> client.get_run(opened.run_id).info.status
    'FAILED'
    """

    def __init__(
        self, client: MlflowClient, run: Run, *, buffer_seconds: float | None = None
    ) -> None:
        """
        Args:
            run: as it was created just now, with this client.
            buffer_seconds: how long metric points may be collected; None: not at all.
        """
        self.client = client
        self.run_id: str = run.info.run_id
        self.experiment_id: str = run.info.experiment_id
        self._pid = os.getpid()
        self._buffer = (
            MetricBuffer(partial(send_metrics, client, self.run_id), buffer_seconds)
            if buffer_seconds
            else None
        )
        self.is_open = True
        self._status: str | None = None
        self._deactivate = activate(run) if is_store_of_process(client.tracking_uri) else None
        self._sigterms_before = sigterm_count()
        catch_sigterm()
        at_exit.end_at_exit(self)

    @property
    def is_ours(self) -> bool:
        """Whether this process started it: a forked child must not end it."""
        return self._pid == os.getpid()

    @property
    def is_left(self) -> bool:
        """Whether it was to be ended already. If it is still open, it couldn't be."""
        return self._status is not None

    @property
    def buffer(self) -> MetricBuffer | None:
        """Takes metric points; None: send them, as a forked child does, which has no thread."""
        return self._buffer if self.is_ours else None

    def end(self, status: str, *, wait: float | None = None) -> None:
        """Send what was collected and end the run; nothing to do in a forked child, or when it has
        ended. A run that was ended by ``mlflow.end_run`` is not said to be FINISHED after that: it
        keeps the status that it got there.

        Args:
            wait: seconds to wait for points that another thread is sending; None: all it takes.

        Raises:
            TrackingError: points can't be sent, the run is ended nevertheless; or the run can't
                be ended. Then it stays open, for another attempt, the last one at exit, but is no
                more MLflow's active run.
        """
        if not (self.is_ours and self.is_open):
            return
        self._status = status
        try:
            if self._buffer is not None:
                self._buffer.close(wait)
        finally:
            with mlflow_errors(f"ending run {self.run_id}", missing=RunNotFoundError):
                has_ended = status == "FINISHED" and self._has_ended_otherwise()
                # Whether it can be ended or not: what is logged from now on is not meant for it.
                self._withdraw()
                if not has_ended:
                    self.client.set_terminated(self.run_id, status)
            self._let_go()

    def end_at_exit(self, wait: float) -> None:
        """``end`` with the status of an earlier attempt, or by what ended the program."""
        self.end(self._status or status_at_exit(terminated=self._was_terminated), wait=wait)

    def give_up(self) -> str:
        """Try to end it no more. Returns what is lost, in words."""
        what = "stays RUNNING" if self.is_open else "is ended"
        if self._buffer is not None and (points := self._buffer.waiting):
            what += f", {points} metric points are lost"
        if self.is_open:
            self._let_go()  # else MLflow would try, and take minutes
        return f"run {self.run_id} {what}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.end(end_status(error, terminated=self._was_terminated))
        except TrackingError as why:
            if error is None:
                raise
            # What went wrong in the block is what the caller has to see.
            what = "stays RUNNING" if self.is_open else "ended without all of its points"
            logger.warning("run %s %s: %s", self.run_id, what, why)

    @property
    def _was_terminated(self) -> bool:
        return sigterm_count() > self._sigterms_before

    def _has_ended_otherwise(self) -> bool:
        if self._deactivate is None or is_active(self.run_id):
            return False
        # It is no more in MLflow's list, but its last request may have failed.
        return bool(self.client.get_run(self.run_id).info.status != "RUNNING")

    def _let_go(self) -> None:
        self.is_open = False
        at_exit.forget(self)
        self._withdraw()
        release_sigterm()

    def _withdraw(self) -> None:
        if self._deactivate is not None:
            self._deactivate()
            self._deactivate = None
