"""Creating a run once, although the answer of the server may be lost on its way.

MLflow's server has no idempotent create, and its client sends a POST again when no answer came
(``allowed_methods=None`` in ``mlflow/utils/request_utils.py``), so that a lost answer makes two
runs. Here every create carries a key of its own in a tag and is sent without such retries; after a
failure the key is looked up before the run is created again. What remains: a server that finishes
a create only after it has answered the look-up that there is none.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trackfix.tracking.batches import make_tags
from trackfix.tracking.errors import (
    ExperimentNotFoundError,
    LimitError,
    ServerUnavailableError,
    mlflow_errors,
)
from trackfix.tracking.experiments import resolve_experiment_id
from trackfix.tracking.interrupts import sigterm_caught, sigterm_count
from trackfix.tracking.retry import retry_with_backoff

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

IDEMPOTENCY_TAG = "trackfix.idempotencyKey"

# How often a create is sent again. The look-ups in between wait for a server that is down, since
# MLflow retries a read for minutes, as MLFLOW_HTTP_REQUEST_MAX_RETRIES says.
_MAX_RETRIES = 3

_CREATE_PATH = "/api/2.0/mlflow/runs/create"

logger = logging.getLogger("trackfix.tracking")


def create_run_once(
    client: MlflowClient,
    experiment_id: str,
    run_name: str | None = None,
    tags: Mapping[str, Any] | None = None,
) -> Run:
    """Create a run, in one request when all goes well, and never a second one. Beside the tags
    given it has those of ``mlflow.start_run``: who, from which file, at which commit.

    Interrupted while it waits for the answer (Ctrl-C, SIGTERM), it ends what the server has made
    by then as KILLED.

    Args:
        run_name: MLflow makes one up without it.
        tags: those of the run, None as a value leaves one out; longer than 8,000 characters are
            cut with a warning.

    Raises:
        LimitError: MLflow can't store a tag or the name.
        ExperimentNotFoundError, ExperimentDeletedError: there is no such experiment.
        ServerUnavailableError: no answer, or no useful one, after several attempts. Only
            when the look-up has failed too may there be a run nevertheless.

    >>> from trackfix.tracking import create_mlflow_client
    >>> from trackfix.tracking.idempotency import create_run_once
    >>> run = create_run_once(create_mlflow_client(), "0", "fit", {"stage": "training"})
    >>> run.info.run_name, len(run.data.tags["trackfix.idempotencyKey"])
    ('fit', 32)
    """
    from mlflow.tracking.context.registry import resolve_tags

    key = uuid.uuid4().hex
    given = {name: value for name, value in (tags or {}).items() if value is not None}
    stored = {
        tag.key: tag.value for tag in make_tags({**resolve_tags(given), IDEMPOTENCY_TAG: key})
    }
    if run_name:
        # The server refuses another name in the tag that it keeps the name in.
        stored["mlflow.runName"] = run_name

    def attempt() -> Run:
        try:
            with mlflow_errors(
                f"creating run {run_name!r}", missing=ExperimentNotFoundError, invalid=LimitError
            ):
                return _send(client, experiment_id, run_name, stored)
        except ServerUnavailableError as error:
            made = _find(client, experiment_id, key)
            if made is None:
                raise _NoRunMadeError(str(error)) from error
            logger.warning("%s, but run %s was made: it is used", error, made.info.run_id)
            return made

    sigterms_before = sigterm_count()
    try:
        with sigterm_caught():
            return retry_with_backoff(attempt, max_retries=_MAX_RETRIES, retry_on=_NoRunMadeError)
    except LimitError:
        # MLflow has the same code for a deleted experiment, and for an id that is none.
        with mlflow_errors(
            f"reading experiment {experiment_id}",
            missing=ExperimentNotFoundError,
            invalid=ExperimentNotFoundError,
        ):
            name = client.get_experiment(experiment_id).name
        resolve_experiment_id(experiment_name=name, client=client)
        raise
    except BaseException as error:
        # A handler of the program's own for SIGTERM may raise any exception.
        if not isinstance(error, Exception) or sigterm_count() > sigterms_before:
            _kill_if_made(client, experiment_id, key)
        raise


class _NoRunMadeError(ServerUnavailableError):
    """The create failed, and the server says that there is no run."""


def _send(
    client: MlflowClient, experiment_id: str, run_name: str | None, tags: dict[str, str]
) -> Run:
    from mlflow.entities import Run
    from mlflow.store.tracking.rest_store import RestStore
    from mlflow.tracking import MlflowClient

    # A stand-in of a test need not have what only MLflow's own class has.
    store = getattr(getattr(client, "_tracking_client", None), "store", None)
    if not (
        isinstance(store, RestStore)
        and type(store).create_run is RestStore.create_run
        and getattr(type(client), "create_run", MlflowClient.create_run) is MlflowClient.create_run
    ):
        # A database, or the store of a plugin, which knows best how its server is called; or a
        # client of the program's own, which may do more than MLflow's.
        return client.create_run(experiment_id, tags=tags, run_name=run_name)

    from mlflow.protos.service_pb2 import CreateRun
    from mlflow.utils.proto_json_utils import parse_dict
    from mlflow.utils.rest_utils import http_request, verify_rest_response

    body = {
        "experiment_id": experiment_id,
        "user_id": tags.get("mlflow.user", "unknown"),
        "start_time": int(time.time() * 1000),
        "tags": [{"key": name, "value": value} for name, value in tags.items()],
    }
    if run_name:
        body["run_name"] = run_name
    # RestStore.create_run but for max_retries, which it can't be told.
    response = http_request(store.get_host_creds(), _CREATE_PATH, "POST", max_retries=0, json=body)
    answer = CreateRun.Response()
    parse_dict(verify_rest_response(response, _CREATE_PATH).json(), answer)
    return Run.from_proto(answer.run)


def _find(client: MlflowClient, experiment_id: str, key: str) -> Run | None:
    with mlflow_errors("looking up whether the run was made"):
        found = client.search_runs(
            [experiment_id], f"tags.`{IDEMPOTENCY_TAG}` = '{key}'", max_results=1
        )
    return found[0] if found else None


def _kill_if_made(client: MlflowClient, experiment_id: str, key: str) -> None:
    try:
        made = _find(client, experiment_id, key)
        if made is not None:
            client.set_terminated(made.info.run_id, "KILLED")
    except Exception as error:
        logger.warning(
            "interrupted while a run was created, and it can't be looked up (%s): there may be a "
            "run that stays RUNNING, with the tag %s = %s",
            error,
            IDEMPOTENCY_TAG,
            key,
        )
