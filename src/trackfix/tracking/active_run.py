"""Runs that this library creates, as MLflow's active run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.entities import Run

logger = logging.getLogger("trackfix.tracking")


def activate(run: Run) -> Callable[[], None]:
    """Make this MLflow's active run in this thread, so that ``mlflow.log_metric`` and autologging
    go to it, without a request to the server. Returns what takes it back, from whichever thread,
    and leaves runs alone that were made active since.

    This appends to MLflow's own list, which has had this name from 3.1 to 3.17. The public
    ``mlflow.start_run(run_id=...)`` reads the run twice, writes it once, and refuses one that isn't
    in the experiment of ``mlflow.set_experiment``. Where an MLflow has no such list, a warning says
    so.

    >>> import mlflow
    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.active_run import activate
    >>> run = create_mlflow_client().create_run("0")
    >>> deactivate = activate(run)
    >>> mlflow.active_run().info.run_id == run.info.run_id
    True
    >>> deactivate()
    >>> mlflow.active_run() is None
    True
    """
    from mlflow import ActiveRun
    from mlflow.tracking import fluent

    try:
        stack = fluent._active_run_stack.get()
    except AttributeError:
        logger.warning(
            "this MLflow doesn't let run %s become its active run: what mlflow.log_metric() and "
            "autologging log goes elsewhere",
            run.info.run_id,
        )
        return lambda: None
    active = ActiveRun(run)
    stack.append(active)

    def deactivate() -> None:
        # By identity: MLflow's entities are equal when their values are.
        stack[:] = [other for other in stack if other is not active]

    return deactivate


def is_active(run_id: str) -> bool:
    """Whether MLflow has this run among the active ones, of whichever thread. Not after
    ``mlflow.end_run()``. Where an MLflow has no list of them, True.

    >>> import mlflow
    >>> from trackfix.tracking.active_run import is_active
    >>> with mlflow.start_run() as run:
    ...     is_active(run.info.run_id)
    True
    >>> is_active(run.info.run_id)
    False
    """
    from mlflow.tracking import fluent

    try:
        stacks = fluent._active_run_stack.get_all_thread_values().values()
    except AttributeError:
        return True
    return any(run.info.run_id == run_id for stack in stacks for run in list(stack))
