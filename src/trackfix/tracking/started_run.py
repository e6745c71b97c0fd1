"""A run that was created, to be used with a ``with`` statement or without one."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from trackfix.tracking.open_run import OpenRun

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient


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
    _open: OpenRun

    def __new__(cls, client: MlflowClient, run: Run) -> StartedRun:
        self = super().__new__(cls, (run.info.run_id, run))
        self._client = client
        return self

    def __enter__(self) -> StartedRun:
        self._open = OpenRun(self._client, self[1])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, traceback)
