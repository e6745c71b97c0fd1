"""Trackers: a run is started once, ended in every case, and never ended by who didn't start it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from trackfix.tracking.client import create_mlflow_client
from trackfix.tracking.config import TrackerConfig, checked_choice, checked_seconds
from trackfix.tracking.errors import RunStateError
from trackfix.tracking.experiments import get_or_create_experiment
from trackfix.tracking.interrupts import sigterm_caught
from trackfix.tracking.noop_tracker import NoopTracker, Tracker
from trackfix.tracking.open_run import OpenRun
from trackfix.tracking.parents import experiment_of_child, parent_tags
from trackfix.tracking.run_logger import RunLogger
from trackfix.tracking.runs import create_run_safe
from trackfix.tracking.setup import (
    is_store_of_process,
    parent_run_id_from_environment,
    require_configured,
)

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient
    from typing_extensions import Self

__all__ = ["MLflowTracker", "NoopTracker", "Tracker", "build_tracker_from_config"]

logger = logging.getLogger("trackfix.tracking")

_NO_RUN = "the tracker has no open run"


class MLflowTracker(RunLogger):
    """Starts a run of MLflow, logs to it, and ends it whatever happens.

    A ``with`` block ends the run when it is left: FINISHED, FAILED on an exception, KILLED when it
    was interrupted (Ctrl-C, or SIGTERM, see ``interrupts.catch_sigterm``). Within blocks of the
    same tracker, the outermost one ends it. A run without a block is ended at interpreter exit in
    the same way, as far as Python still knows how it came to that. After SIGKILL a run stays
    RUNNING.

    While the run is open, it is MLflow's active run in the thread that started it:
    ``mlflow.log_metric`` and autologging go to it. Not so if the tracker has another tracking URI
    than the process.

    >>> import mlflow
    >>> from trackfix.tracking import MLflowTracker
    >>> with MLflowTracker("churn", run_name="fit", buffer_seconds=5) as tracker:
    ...     tracker.log_params({"model": {"depth": 3}})
    ...     for step in range(100):
    ...         tracker.log_metric("loss", 1 / (step + 1), step)
    ...     mlflow.log_metric("f1", 0.8)
    >>> run = tracker.client.get_run(tracker.run_id)
    >>> run.info.status, run.data.params, run.data.metrics
    ('FINISHED', {'model.depth': '3'}, {'f1': 0.8, 'loss': 0.01})
    """

    def __init__(
        self,
        experiment_name: str | None = None,
        *,
        tracking_uri: str | None = None,
        run_name: str | None = None,
        tags: Mapping[str, Any] | None = None,
        nested: bool = False,
        require_setup: bool = True,
        on_missing_run: Literal["raise", "ignore"] = "raise",
        on_artifact_error: Literal["warn", "raise"] = "warn",
        buffer_seconds: float | None = None,
    ) -> None:
        """Nothing is sent before the run is started.

        Args:
            experiment_name: made when there is none; None: that of the parent, or else the one that
                ``setup_mlflow`` or ``mlflow.set_experiment`` chose.
            tracking_uri: None: that of the process, which is never changed.
            run_name, tags: of runs that ``start_run`` is given none for.
            nested: what to do when a run is active that this tracker didn't start: True makes
                a child of it, False refuses. In a process that was started by another with
                ``setup_mlflow_tracking_env``, True makes a child of that one's run.
            require_setup: refuse to look for a store when nothing has configured a tracking URI.
            on_missing_run: logging while there is no run raises ``RunStateError``, or is dropped,
                which a warning says once.
            on_artifact_error: an upload that fails logs a warning with the path, or raises.
            buffer_seconds: collect metric points, and send many in one request, at the latest after
                so many seconds; what kill -9 loses are the points of that time. None: send each
                call at once. A forked child sends at once, too.

        Raises:
            ConfigError: a value that can't be used.
        """
        self.experiment_name = experiment_name
        self.tracking_uri = tracking_uri
        self.run_name = run_name
        self.tags = dict(tags or {})
        self.nested = nested
        self.require_setup = require_setup
        self.on_missing_run = checked_choice("on_missing_run", on_missing_run)
        self.on_artifact_error = checked_choice("on_artifact_error", on_artifact_error)
        self.buffer_seconds = (
            None if buffer_seconds is None else checked_seconds("buffer_seconds", buffer_seconds)
        )
        self._client: MlflowClient | None = None
        self._open: OpenRun | None = None
        self._run_id: str | None = None
        self._blocks = 0
        self._has_warned = False
        self._lock = threading.RLock()

    @property
    def client(self) -> MlflowClient:
        """The client of this tracker's store, made when it is first needed.

        Raises:
            NotConfiguredError: nothing has configured a tracking URI.

        >>> from trackfix.tracking import MLflowTracker
        >>> MLflowTracker("churn", tracking_uri="sqlite:///other.db").client.tracking_uri
        'sqlite:///other.db'
        """
        if self._client is None:
            if self.require_setup:
                require_configured(self.tracking_uri)
            self._client = create_mlflow_client(self.tracking_uri)
        return self._client

    @property
    def run_id(self) -> str | None:
        """The id of the run, also after it has ended, until the next one is started.

        >>> from trackfix.tracking import MLflowTracker
        >>> tracker = MLflowTracker("churn").start_run("fit")
        >>> run_id = tracker.run_id
        >>> tracker.end_run()
        >>> tracker.run_id == run_id
        True
        """
        return self._run_id

    def start_run(
        self,
        run_name: str | None = None,
        *,
        tags: Mapping[str, Any] | None = None,
        nested: bool | None = None,
        parent_run_id: str | None = None,
    ) -> Self:
        """Start a run; with one of its own open, the tracker keeps that one, unless it was to be
        ended and couldn't be: that is tried again at exit. Returns the tracker, for a ``with``
        block.

        Args:
            run_name, tags, nested: instead of those that the tracker was made with; tags are added.
            parent_run_id: make it a child of this run, whichever is active.

        Raises:
            RunStateError: another run is active, and ``nested`` is False; or in a forked child, one
                of the process that it was forked from is open; or the parent is deleted.
            NotConfiguredError: nothing has configured a tracking URI.
            ExperimentDeletedError: the experiment is in the trash.
            RunNotFoundError: there is no such parent.
            TrackingError: the run can't be created.

        >>> from trackfix.tracking import MLflowTracker
        >>> tracker = MLflowTracker("churn")
        >>> with tracker.start_run("sweep", tags={"stage": "hpo"}):
        ...     sweep = tracker.run_id
        ...     with MLflowTracker("churn", nested=True) as trial:
        ...         trial.log_metric("loss", 0.5)
        >>> trial.client.get_run(trial.run_id).data.tags["mlflow.parentRunId"] == sweep
        True
        """
        if self._open is not None and not self._open.is_ours:
            # Somebody may have held the lock when this process was forked.
            self._lock, self._blocks = threading.RLock(), 0
        with self._lock:
            if not self._has_open_run():
                parent_run_id = parent_run_id or self._parent(
                    self.nested if nested is None else nested
                )
                with sigterm_caught():
                    run = self._create(
                        run_name or self.run_name, {**self.tags, **(tags or {})}, parent_run_id
                    )
                    self._run_id = run.info.run_id
                    self._open = OpenRun(self.client, run, buffer_seconds=self.buffer_seconds)
        return self

    def end_run(self, status: str = "FINISHED") -> None:
        """End the run that this tracker started; without one there is nothing to do, and one that
        was active before is left alone.

        Args:
            status: FINISHED, FAILED or KILLED.

        Raises:
            ConfigError: no such status.
            TrackingError: collected points can't be sent, and the run is ended all the same; or it
                can't be ended. Then it stays open, for another attempt, the last one at exit.

        >>> from trackfix.tracking import MLflowTracker
        >>> tracker = MLflowTracker("churn").start_run()
        >>> tracker.end_run("FAILED")
        >>> tracker.end_run()  # it has ended
        >>> tracker.client.get_run(tracker.run_id).info.status
        'FAILED'
        """
        checked_choice("status", status)
        if self._open is not None and self._open.is_ours:
            with self._lock:
                self._open.end(status)

    def flush(self) -> None:
        """Send the collected points now; nothing to do without ``buffer_seconds``.

        Raises:
            TrackingError: they can't be stored; they stay for the next attempt.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn", buffer_seconds=10) as tracker:
        ...     tracker.log_metric("loss", 0.5)
        ...     tracker.flush()
        ...     tracker.client.get_run(tracker.run_id).data.metrics
        {'loss': 0.5}
        """
        open_run = self._open
        if open_run is not None and open_run.is_open and open_run.buffer is not None:
            open_run.buffer.flush()

    def __enter__(self) -> Self:
        self.start_run()
        with self._lock:
            self._blocks += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self._blocks -= 1
            is_outermost = self._blocks <= 0
        if is_outermost and self._open is not None and self._open.is_ours:
            with self._lock:
                self._open.__exit__(kind, error, traceback)

    def _open_run_id(self, doing: str) -> str:
        if self._open is not None and self._open.is_open:
            return self._open.run_id
        raise RunStateError(f"{doing}: {_NO_RUN}, call start_run() first")

    def _has_open_run(self) -> bool:
        run = self._open
        return run is not None and run.is_ours and run.is_open and not run.is_left

    def _destination(self, doing: str) -> OpenRun | None:
        open_run = self._open
        if open_run is not None and open_run.is_open:
            return open_run
        if self.on_missing_run == "raise":
            raise RunStateError(f"{doing}: {_NO_RUN}, call start_run() first")
        if not self._has_warned:
            self._has_warned = True
            logger.warning("%s, and what follows, is dropped: %s", doing, _NO_RUN)
        return None

    def _parent(self, nested: bool) -> str | None:
        """The run that the new one is to be a child of."""
        foreign = self._foreign_run_id()
        if foreign is None:
            return parent_run_id_from_environment() if nested else None
        if nested:
            return foreign
        raise RunStateError(
            f"run {foreign} is active, and this tracker didn't start it: end it first, or make a "
            "child of it with nested=True"
        )

    def _foreign_run_id(self) -> str | None:
        if self._open is not None and self._open.is_open and not self._open.is_ours:
            return self._open.run_id  # of the process that this one was forked from

        import mlflow

        active = mlflow.active_run() if is_store_of_process(self.client.tracking_uri) else None
        return active.info.run_id if active else None

    def _create(self, run_name: str | None, tags: Mapping[str, Any], parent: str | None) -> Run:
        if self.experiment_name is None:
            return create_run_safe(run_name, parent_run_id=parent, tags=tags, client=self.client)
        experiment_id = get_or_create_experiment(
            self.experiment_name, tracking_uri=self.client.tracking_uri
        )
        if parent is not None:
            # It must be there, but may be in another experiment than the one that was asked for.
            experiment_of_child(self.client, parent)
            tags = {**tags, **parent_tags(self.client, parent)}
        return create_run_safe(run_name, experiment_id=experiment_id, tags=tags, client=self.client)


def build_tracker_from_config(config: Mapping[str, Any] | None = None) -> Tracker:
    """The tracker that a configuration asks for, typically the section of a YAML file.

    Keys: ``type`` ("mlflow", the default, or "noop"), ``enabled`` (false: a ``NoopTracker``), and
    those of ``MLflowTracker``: ``experiment_name``, ``tracking_uri``, ``run_name``, ``tags``,
    ``nested``, ``on_missing_run``, ``on_artifact_error``, ``buffer_seconds``. They may stand beside
    ``type`` or in a section ``mlflow``.

    The environment comes first: ``TRACKFIX_TRACKER_TYPE``, ``TRACKFIX_TRACKER_ENABLED``,
    ``TRACKFIX_TRACKER_EXPERIMENT_NAME`` and so on, one for each key but ``tags``.
    ``MLFLOW_TRACKING_URI`` serves where the configuration has no ``tracking_uri``: MLflow sets that
    variable itself whenever the process chooses a URI, so it can't be told from a wish of the user.

    Raises:
        ConfigError: an unknown key, variable or backend, with the nearest known one; a key that is
            given twice; a value that can't be used.

    >>> from trackfix.tracking import build_tracker_from_config
    >>> build_tracker_from_config({"type": "mlflow", "mlflow": {"experiment_name": "churn"}})
    <trackfix.tracking.tracker.MLflowTracker object at ...>
    >>> build_tracker_from_config({"type": "mlflow", "enabled": False})
    <trackfix.tracking.noop_tracker.NoopTracker object at ...>
    >>> build_tracker_from_config({"type": "mlfow"})
    Traceback (most recent call last):
    trackfix.tracking.errors.ConfigError: tracker configuration: unknown type 'mlfow' ...
    """
    settings = TrackerConfig.of(config)
    if not settings.enabled or settings.type == "noop":
        return NoopTracker()
    return MLflowTracker(
        settings.experiment_name,
        tracking_uri=settings.tracking_uri,
        run_name=settings.run_name,
        tags=settings.tags,
        nested=settings.nested,
        on_missing_run=settings.on_missing_run,
        on_artifact_error=settings.on_artifact_error,
        buffer_seconds=settings.buffer_seconds,
    )
