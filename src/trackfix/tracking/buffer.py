"""Metric points on their way to the server: collected, and sent many in one request."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from trackfix.tracking.batches import MAX_METRICS
from trackfix.tracking.errors import RunStateError, ServerUnavailableError, TrackingError

if TYPE_CHECKING:
    from mlflow.entities import Metric

logger = logging.getLogger("trackfix.tracking")


class MetricBuffer:
    """Collects points and sends them from a thread of its own, in the order they came.

    A point waits at most ``seconds``, less when 1,000 have come together. No point vanishes:

    * One that can't be sent stays, in front of the later ones, for the next attempt.
    * When the thread can't send, it logs a warning and tries again after ``seconds``. If the server
      could be reached, and refused, each ``add`` raises that, too.
    * ``flush`` and ``close`` send everything, or raise and say how many points are left. A point
      that is sent twice is stored once: MLflow drops a point that it has already.

    Any number of threads may add and flush. After a fork it is of no use to the child, which has
    neither the thread nor a right to the points.

    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.batches import make_metric, send_metrics
    >>> from trackfix.tracking.buffer import MetricBuffer
    >>> client = create_mlflow_client()
    >>> run_id = client.create_run("0").info.run_id
    >>> buffer = MetricBuffer(lambda points: send_metrics(client, run_id, points), seconds=5)
    >>> for step in range(100):
    ...     buffer.add([make_metric("loss", 1 / (step + 1), 0, step)])
    >>> buffer.close()
    >>> len(client.get_metric_history(run_id, "loss"))
    100
    """

    def __init__(self, send: Callable[[Sequence[Metric]], None], seconds: float) -> None:
        """
        Args:
            send: stores at most 1,000 points, or raises.
            seconds: how long a point may wait.
        """
        self._send = send
        self._seconds = seconds
        self._points: list[Metric] = []
        self._error: Exception | None = None
        self._closed = False
        self._thread: threading.Thread | None = None
        # Held for a moment only, so that adding never waits for the server ...
        self._changed = threading.Condition()
        # ... while this one is held as long as a request takes, so that points go in order.
        # Reentrant: a signal handler of the program may flush, or end the run, in the middle of it.
        self._sending = threading.RLock()

    def add(self, points: Iterable[Metric]) -> None:
        """Take points; they are sent later.

        Raises:
            TrackingError: points that came earlier were refused.
            RunStateError: it is closed.
        """
        with self._changed:
            if self._closed:
                raise RunStateError("the run ended while metrics were logged to it")
            if self._error is not None and not isinstance(self._error, ServerUnavailableError):
                raise TrackingError(str(self._error)) from self._error
            waiting = len(self._points)
            self._points.extend(points)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._send_when_due, name="trackfix-metrics", daemon=True
                )
                self._thread.start()
            if not waiting or len(self._points) >= MAX_METRICS:
                self._changed.notify()

    @property
    def waiting(self) -> int:
        """How many points are not sent yet."""
        return len(self._points)

    def flush(self, wait: float | None = None) -> None:
        """Send all that has come so far; returns when the server has it.

        Args:
            wait: seconds to wait for another thread that is sending; None: all it takes.

        Raises:
            TrackingError: they can't be sent; they stay, and the next flush tries again.
        """
        if not self._sending.acquire(timeout=-1 if wait is None else wait):
            raise ServerUnavailableError(
                f"{self.waiting} metric points are not sent: the server has not answered yet"
            )
        try:
            while batch := self._next_batch():
                try:
                    self._send(batch)
                except Exception as error:
                    self._error = error
                    kind = type(error) if isinstance(error, TrackingError) else TrackingError
                    left = f"{self.waiting} metric points are not sent: {error}"
                    raise kind(left) from error
                # Only now: an interrupt during the request leaves the points where they are.
                with self._changed:
                    if self._points and self._points[0] is batch[0]:  # else a handler was faster
                        del self._points[: len(batch)]
            self._error = None
        finally:
            self._sending.release()

    def close(self, wait: float | None = None) -> None:
        """Send what is left and end the thread.

        Args:
            wait: see ``flush``.

        Raises:
            TrackingError: points can't be sent. It is not closed then, and may be tried again.
        """
        while not self._closed:
            self.flush(wait)
            with self._changed:
                self._closed = not self._points  # somebody may have added some since
                self._changed.notify()

    def _next_batch(self) -> list[Metric]:
        with self._changed:
            return self._points[:MAX_METRICS]

    def _send_when_due(self) -> None:
        while self._wait_until_due():
            try:
                self.flush()
            except TrackingError as error:
                logger.warning("%s; trying again in %g s", error, self._seconds)

    def _wait_until_due(self) -> bool:
        def is_due() -> bool:
            # After an error it is never full: a thousand points that nobody takes would make a
            # thousand requests a second.
            full = len(self._points) >= MAX_METRICS and self._error is None
            return self._closed or full

        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._points)
            self._changed.wait_for(is_due, timeout=self._seconds)
            return not self._closed
