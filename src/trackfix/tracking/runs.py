"""Creating runs and child runs, and ending them in every case. Whose children: see ``parents``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Literal, overload

from trackfix.tracking.client import create_mlflow_client
from trackfix.tracking.experiments import resolve_experiment_id
from trackfix.tracking.idempotency import IDEMPOTENCY_TAG, create_run_once
from trackfix.tracking.interrupts import sigterm_caught
from trackfix.tracking.open_run import OpenRun
from trackfix.tracking.parents import experiment_of_child, parent_of_new_run, parent_tags
from trackfix.tracking.setup import require_configured
from trackfix.tracking.started_run import StartedRun

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

__all__ = [
    "IDEMPOTENCY_TAG",
    "StartedRun",
    "create_child_run",
    "create_child_run_core",
    "create_run_safe",
]


def configured_client(
    tracking_uri: str | None = None, *, require_setup: bool = True
) -> MlflowClient:
    """A client for creating runs: of this store, or of the one that was set up in this process.

    Raises:
        NotConfiguredError: there is neither, and ``require_setup`` is not False.

    >>> from trackfix.tracking.runs import configured_client
    >>> configured_client("sqlite:///mine.db").tracking_uri
    'sqlite:///mine.db'
    """
    if require_setup:
        require_configured(tracking_uri)
    return create_mlflow_client(tracking_uri)


def create_run_safe(
    run_name: str | None = None,
    *,
    experiment_id: str | None = None,
    experiment_name: str | None = None,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
    require_setup: bool = True,
) -> Run:
    """Create a run, which the caller ends; it does not become MLflow's active run.

    One request, and one before it to look up an experiment by its name. A create that failed is not
    tried again with fewer tags; one whose answer was lost is found again, see ``IDEMPOTENCY_TAG``.

    Args:
        experiment_id, experiment_name: the id counts before the name; without both, the experiment
            that ``setup_mlflow`` made active.
        parent_run_id: makes it a child of this run, as ``create_child_run_core`` does; the
            experiment is then that of the parent. None, or empty: of none, whichever is active.
        require_setup: whether to refuse when nothing has said which store is meant.

    Raises:
        NotConfiguredError: nothing has configured a tracking URI.
        ExperimentNotFoundError, ExperimentDeletedError: there is no such experiment.
        LimitError: MLflow can't store a tag or the name.
        ServerUnavailableError: no answer after several attempts.

    >>> from trackfix.tracking import create_run_safe, get_or_create_experiment
    >>> experiment_id = get_or_create_experiment("churn")
    >>> run = create_run_safe("fit", experiment_name="churn", tags={"team": "search"})
    >>> run.info.experiment_id == experiment_id, run.data.tags["team"]
    (True, 'search')
    """
    client = client or configured_client(tracking_uri, require_setup=require_setup)
    if parent_run_id:
        return create_child_run_core(
            client, run_name, parent_run_id, experiment_name=experiment_name, tags=tags
        )
    found_id = resolve_experiment_id(
        experiment_id=experiment_id, experiment_name=experiment_name, client=client
    )
    return create_run_once(client, found_id, run_name, tags)


def create_child_run_core(
    client: MlflowClient,
    run_name: str | None = None,
    parent_run_id: str | None = None,
    *,
    experiment_name: str | None = None,
    tags: Mapping[str, Any] | None = None,
) -> Run:
    """Create a child run, which the caller ends: one read, of the parent, and one create.

    Args:
        parent_run_id: without it, the active run or that of the environment, see ``parents``.
        experiment_name: for a parent that is not in this store. The child then goes to the
            experiment of this name, with the tag of its parent, and a warning.
        tags: beside the parent's id, which is always added, and for Azure ML its own two tags.

    Raises:
        RunStateError: there is no parent, or it is deleted.
        RunNotFoundError: the parent is not in this store, and ``experiment_name`` is not given.
        ExperimentNotFoundError, ExperimentDeletedError: there is no such experiment.
        LimitError: MLflow can't store a tag or the name.
        ServerUnavailableError: no answer after several attempts.

    >>> from trackfix.tracking import create_child_run_core, create_mlflow_client
    >>> client = create_mlflow_client()
    >>> parent = client.create_run("0")
    >>> child = create_child_run_core(client, "fold-0", parent.info.run_id)
    >>> child.data.tags["mlflow.parentRunId"] == parent.info.run_id
    True
    """
    parent_run_id = parent_run_id or parent_of_new_run()
    experiment_id = experiment_of_child(client, parent_run_id, experiment_name)
    own = parent_tags(client, parent_run_id)
    return create_run_once(client, experiment_id, run_name, {**(tags or {}), **own})


@overload
def create_child_run(
    run_name: str | None = ...,
    parent_run_id: str | None = ...,
    *,
    experiment_name: str | None = ...,
    tags: Mapping[str, Any] | None = ...,
    client: MlflowClient | None = ...,
    tracking_uri: str | None = ...,
    require_setup: bool = ...,
    return_tuple: Literal[False] = ...,
) -> AbstractContextManager[Run]: ...


@overload
def create_child_run(
    run_name: str | None = ...,
    parent_run_id: str | None = ...,
    *,
    experiment_name: str | None = ...,
    tags: Mapping[str, Any] | None = ...,
    client: MlflowClient | None = ...,
    tracking_uri: str | None = ...,
    require_setup: bool = ...,
    return_tuple: Literal[True],
) -> StartedRun: ...


@overload
def create_child_run(
    run_name: str | None = ...,
    parent_run_id: str | None = ...,
    *,
    experiment_name: str | None = ...,
    tags: Mapping[str, Any] | None = ...,
    client: MlflowClient | None = ...,
    tracking_uri: str | None = ...,
    require_setup: bool = ...,
    return_tuple: bool,
) -> AbstractContextManager[Run] | StartedRun: ...


def create_child_run(
    run_name: str | None = None,
    parent_run_id: str | None = None,
    *,
    experiment_name: str | None = None,
    tags: Mapping[str, Any] | None = None,
    client: MlflowClient | None = None,
    tracking_uri: str | None = None,
    require_setup: bool = True,
    return_tuple: bool = False,
) -> AbstractContextManager[Run] | StartedRun:
    """A child run for a ``with`` block, which creates it, and ends it in every case: FINISHED,
    FAILED on an exception, KILLED when it is interrupted (Ctrl-C, SIGTERM).

    Within the block it is MLflow's active run in this thread, so that ``mlflow.log_metric``,
    autologging and child runs inside go to it; not so when it is in another store than that of the
    process. It takes one read and one create, and at the end what MLflow sends to end a run. What
    SIGTERM does meanwhile is told in ``interrupts.catch_sigterm``. A forked process that leaves
    the block doesn't end the run.

    Args:
        run_name, parent_run_id, experiment_name, tags: see ``create_child_run_core``.
        require_setup: whether to refuse when nothing has said which store is meant.
        return_tuple: create it at once, and return ``(run_id, Run)``, to be used with ``with`` or
            without, see ``StartedRun``.

    Raises:
        NotConfiguredError: nothing has configured a tracking URI.
        TrackingError: it can't be created, see ``create_child_run_core``; or not be ended. When the
            block has raised, the latter is only logged, as a warning.

    >>> import mlflow
    >>> from trackfix.tracking import create_child_run, create_mlflow_client
    >>> with mlflow.start_run() as parent:
    ...     with create_child_run("fold-0", tags={"fold": 0}) as child:
    ...         mlflow.log_metric("loss", 0.5)
    >>> child = create_mlflow_client().get_run(child.info.run_id)
    >>> child.data.tags["mlflow.parentRunId"] == parent.info.run_id
    True
    >>> child.data.metrics, child.info.status
    ({'loss': 0.5}, 'FINISHED')
    """
    client = client or configured_client(tracking_uri, require_setup=require_setup)
    if return_tuple:
        child = create_child_run_core(
            client, run_name, parent_run_id, experiment_name=experiment_name, tags=tags
        )
        return StartedRun(client, child)
    return _child_block(client, run_name, parent_run_id, experiment_name, tags)


@contextmanager
def _child_block(
    client: MlflowClient,
    run_name: str | None,
    parent_run_id: str | None,
    experiment_name: str | None,
    tags: Mapping[str, Any] | None,
) -> Iterator[Run]:
    with sigterm_caught():
        child = create_child_run_core(
            client, run_name, parent_run_id, experiment_name=experiment_name, tags=tags
        )
        opened = OpenRun(client, child)
    with opened:
        yield child
