"""The first call of a program that tracks: which store, which experiment.

Everything else of this library takes both as given and refuses to guess, so that a forgotten setup
is an error and not a database in the current folder.
"""

from __future__ import annotations

import logging
import os
import threading

from trackfix.tracking.client import create_mlflow_client
from trackfix.tracking.errors import (
    ConfigError,
    NotConfiguredError,
    ServerUnavailableError,
    mlflow_errors,
    redacted,
)
from trackfix.tracking.index import store_of
from trackfix.tracking.probe import probe_store
from trackfix.tracking.store_choice import (
    TRACKING_URI_ENV,
    absolute_uri,
    choose_store,
    local_store,
)

PARENT_RUN_ENV = "MLFLOW_PARENT_RUN_ID"
"""The environment variable by which a subprocess learns the run that its own are children of."""

_logger = logging.getLogger("trackfix.tracking")
_lock = threading.Lock()
# What setup_mlflow itself has put into the environment. It isn't the user's wish, so a second
# call with another config_dir isn't overruled by it.
_set_here: str | None = None


def setup_mlflow(
    experiment_name: str,
    *,
    tracking_uri: str | None = None,
    config_dir: str | os.PathLike[str] | None = None,
    fallback_to_local: bool = False,
    wait: float = 10.0,
) -> str:
    """Choose the tracking store, make the experiment active, and return the tracking URI.

    Call it first and once, at the entry point; a second call with the same arguments changes
    nothing. The store is the first of these, and one line of the log (logger "trackfix.tracking",
    level INFO) says which and why:

    1. ``tracking_uri``
    2. the environment variable ``MLFLOW_TRACKING_URI``, which ``mlflow.set_tracking_uri`` sets too
    3. ``tracking_uri`` in ``mlflow.yaml`` of ``config_dir``, at the top or in a section ``mlflow``
    4. what an earlier call of this function chose
    5. ``mlflow.db`` in the current folder, with SQLite

    Args:
        experiment_name: is created when there is none; safe when many processes do so at once.
        config_dir: a folder that may hold ``mlflow.yaml``; an error without the folder, if 1 and 2
            have not decided. A relative SQLite path in the file is seen from the current folder.
        fallback_to_local: when the chosen store can't be used (no answer, or its plugin isn't
            installed), log a warning and use ``mlflow.db`` in the current folder.
        wait: seconds that a server or database has to answer. MLflow's own calls go on trying
            a dead server for about four minutes (``MLFLOW_HTTP_REQUEST_MAX_RETRIES``); this is
            found out before the first of them, and no setting of MLflow is touched.

    Raises:
        ConfigError: a tracking URI that MLflow can't use, or a config file that can't be read.
        ServerUnavailableError: no answer within ``wait`` seconds.
        ExperimentDeletedError: the experiment was deleted; the message says how to restore it.

    >>> from trackfix.tracking import setup_mlflow
    >>> uri = setup_mlflow("churn", tracking_uri="sqlite:///churn.db")
    >>> uri.startswith("sqlite:///") and uri.endswith("/churn.db")
    True
    """
    global _set_here
    import mlflow

    from trackfix.tracking.experiments import get_or_create_experiment

    with _lock:
        uri, reason = choose_store(tracking_uri, config_dir, set_here=_set_here)
        try:
            probe_store(uri, wait)
        except (ConfigError, ServerUnavailableError) as error:
            if not fallback_to_local:
                raise
            _logger.warning("%s; using the local store instead (fallback_to_local)", error)
            uri, reason = local_store(), "fallback_to_local"
        experiment_id = get_or_create_experiment(experiment_name, tracking_uri=uri)
        mlflow.set_tracking_uri(uri)
        # By id: the loser of a race to create it gets it from set_experiment(name) without
        # its being active, and its runs go to the Default experiment.
        with mlflow_errors(f"making experiment {experiment_name!r} the active one"):
            mlflow.set_experiment(experiment_id=experiment_id)
        if reason != TRACKING_URI_ENV:
            _set_here = uri
        _logger.info("tracking to %s (%s), experiment %r", redacted(uri), reason, experiment_name)
        return uri


def setup_mlflow_for_stage(
    stage: str,
    *,
    prefix: str | None = None,
    tracking_uri: str | None = None,
    config_dir: str | os.PathLike[str] | None = None,
    fallback_to_local: bool = False,
    wait: float = 10.0,
) -> str:
    """``setup_mlflow`` for the experiment of one stage of a pipeline, ``<prefix>-<stage>``.

    Args:
        stage: as in "hpo", "training", "benchmark".
        prefix: what the pipeline's experiments have in common; without it, the stage is the name.

    Returns and raises what ``setup_mlflow`` does; so do the other arguments mean the same.

    >>> import mlflow
    >>> from trackfix.tracking import setup_mlflow_for_stage
    >>> uri = setup_mlflow_for_stage("hpo", prefix="churn")
    >>> mlflow.get_experiment_by_name("churn-hpo").lifecycle_stage
    'active'
    """
    if not stage:
        raise ConfigError("the stage must not be empty")
    return setup_mlflow(
        f"{prefix}-{stage}" if prefix else stage,
        tracking_uri=tracking_uri,
        config_dir=config_dir,
        fallback_to_local=fallback_to_local,
        wait=wait,
    )


def setup_mlflow_tracking_env(
    *,
    tracking_uri: str | None = None,
    experiment_id: str | None = None,
    parent_run_id: str | None = None,
) -> dict[str, str]:
    """Environment variables with which a subprocess tracks to the same place as this process.

    They hold the tracking URI, the registry URI if one is set, the experiment, and in
    ``PARENT_RUN_ENV`` the parent run; what isn't given is what is in force here: the active
    experiment, and the run that is active in this thread; neither if ``tracking_uri`` is another
    store than that of this process, which doesn't have them. In the subprocess no setup is needed,
    and ``create_child_run`` finds its parent.

    Raises:
        NotConfiguredError: no store is configured, see ``require_configured``.

    >>> import mlflow, os
    >>> from trackfix.tracking import setup_mlflow_tracking_env
    >>> with mlflow.start_run() as run:
    ...     env = {**os.environ, **setup_mlflow_tracking_env()}
    >>> env["MLFLOW_PARENT_RUN_ID"] == run.info.run_id
    True
    """
    uri = require_configured(tracking_uri)
    variables = {"MLFLOW_TRACKING_URI": absolute_uri(uri)}
    import mlflow

    if registry_uri := os.environ.get("MLFLOW_REGISTRY_URI"):
        variables["MLFLOW_REGISTRY_URI"] = registry_uri
    if is_store_of_process(uri):
        if parent_run_id is None and (active := mlflow.active_run()):
            parent_run_id = active.info.run_id
            experiment_id = experiment_id or active.info.experiment_id
        experiment_id = experiment_id or os.environ.get("MLFLOW_EXPERIMENT_ID")
    if parent_run_id:
        variables[PARENT_RUN_ENV] = parent_run_id
    if experiment_id:
        variables["MLFLOW_EXPERIMENT_ID"] = experiment_id
        if "MLFLOW_EXPERIMENT_NAME" in os.environ:
            # MLflow refuses to work with an id and a name that don't belong together.
            with mlflow_errors(f"reading experiment {experiment_id}"):
                client = create_mlflow_client(variables["MLFLOW_TRACKING_URI"])
                name = client.get_experiment(experiment_id).name
            variables["MLFLOW_EXPERIMENT_NAME"] = name
    return variables


def require_configured(tracking_uri: str | None = None) -> str:
    """The tracking URI in force: the one given, else the one that was set in this process.

    Raises:
        NotConfiguredError: there is none: neither ``setup_mlflow()`` nor
            ``mlflow.set_tracking_uri()`` was called here, and the environment has no
            ``MLFLOW_TRACKING_URI``.

    >>> from trackfix.tracking import require_configured
    >>> require_configured("https://example.org")
    'https://example.org'
    """
    if tracking_uri:
        return tracking_uri
    import mlflow

    if not mlflow.is_tracking_uri_set():
        raise NotConfiguredError(
            "no tracking store is configured: call setup_mlflow(experiment_name) first, or set "
            "MLFLOW_TRACKING_URI, or pass tracking_uri"
        )
    return mlflow.get_tracking_uri()


def is_store_of_process(tracking_uri: str) -> bool:
    """Whether this is the store that MLflow's own functions use in this process: there the active
    run and the active experiment are. A slash at the end, or a password, doesn't tell stores apart.

    >>> import mlflow
    >>> from trackfix.tracking.setup import is_store_of_process
    >>> mlflow.set_tracking_uri("https://me:secret@example.org")
    >>> is_store_of_process("https://example.org/"), is_store_of_process("https://example.com")
    (True, False)
    """
    import mlflow

    # No text where a test has a mock.
    return store_of(str(tracking_uri)) == store_of(mlflow.get_tracking_uri())


def parent_run_id_from_environment() -> str | None:
    """The run that this process was started under, as ``setup_mlflow_tracking_env`` left word.

    >>> from trackfix.tracking import parent_run_id_from_environment
    >>> parent_run_id_from_environment() is None
    True
    """
    return os.environ.get(PARENT_RUN_ENV) or None
