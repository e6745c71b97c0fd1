"""What can go wrong, as a small family of exceptions.

MLflow raises one class for everything, and an outage has the code of an internal error. Callers
want to tell "there is no such run" from "the server can't be reached", so ``mlflow_errors``
translates; the error of MLflow stays on as ``__cause__``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class TrackingError(Exception):
    """What every error of this library is.

    >>> from trackfix.tracking import RunNotFoundError, TrackingError
    >>> issubclass(RunNotFoundError, TrackingError)
    True
    """


class NotConfiguredError(TrackingError):
    """Nothing has said yet which tracking server is meant: ``setup_mlflow()`` comes first.

    >>> from trackfix.tracking import NotConfiguredError
    >>> raise NotConfiguredError("call setup_mlflow() first")
    Traceback (most recent call last):
    trackfix.tracking.errors.NotConfiguredError: call setup_mlflow() first
    """


class ConfigError(TrackingError, ValueError):
    """A setting has a value that can't be used, or an unknown name.

    >>> from trackfix.tracking import ConfigError
    >>> issubclass(ConfigError, ValueError)
    True
    """


class RunNotFoundError(TrackingError):
    """The server answered, and there is no such run.

    >>> from trackfix.tracking import RunNotFoundError, ServerUnavailableError
    >>> issubclass(ServerUnavailableError, RunNotFoundError)  # an outage is never "not found"
    False
    """


class ExperimentNotFoundError(TrackingError):
    """The server answered, and there is no such experiment.

    >>> from trackfix.tracking import ExperimentNotFoundError, resolve_experiment_id
    >>> try:
    ...     resolve_experiment_id(experiment_name="never-made")
    ... except ExperimentNotFoundError as error:
    ...     print(error)
    there is no experiment named 'never-made': create it with get_or_create_experiment()
    """


class ExperimentDeletedError(TrackingError):
    """The experiment is in the trash; the message says how to restore it.

    >>> from trackfix.tracking import create_mlflow_client, get_or_create_experiment
    >>> create_mlflow_client().delete_experiment(get_or_create_experiment("old"))
    >>> get_or_create_experiment("old")
    Traceback (most recent call last):
    trackfix.tracking.errors.ExperimentDeletedError: ...mlflow experiments restore ...
    """


class ServerUnavailableError(TrackingError):
    """The server or database can't be reached, doesn't answer, or can't serve requests now.

    A full disk and a database that can't be written are among these, since MLflow gives them the
    same code as a database that is busy (``store/db/utils.py``).

    >>> from trackfix.tracking import ServerUnavailableError, mlflow_errors
    >>> with mlflow_errors("reading run 1a2b"):
    ...     raise ConnectionRefusedError("nobody listens")
    Traceback (most recent call last):
    trackfix.tracking.errors.ServerUnavailableError: reading run 1a2b failed: nobody listens
    """


class FilterError(TrackingError, ValueError):
    """A search filter can't be expressed in MLflow's filter language.

    >>> from trackfix.tracking import FilterError
    >>> issubclass(FilterError, ValueError)
    True
    """


class RunStateError(TrackingError):
    """A run is active that isn't ours, or none is where one is needed.

    >>> from trackfix.tracking import RunStateError, TrackingError
    >>> issubclass(RunStateError, TrackingError)
    True
    """


class LimitError(TrackingError, ValueError):
    """MLflow can't store this key or value.

    >>> from trackfix.tracking import LimitError
    >>> issubclass(LimitError, ValueError)
    True
    """


@contextmanager
def mlflow_errors(
    doing: str,
    *,
    missing: type[TrackingError] = TrackingError,
    invalid: type[TrackingError] = TrackingError,
) -> Iterator[None]:
    """Turn errors of MLflow, of the connection and of the database into a ``TrackingError``.

    Args:
        doing: what is being done, as in "creating run 'fold-1'"; the message begins with it.
        missing: the class for a thing that isn't there. MLflow's code for it is the same for runs
            and experiments, and its text is nothing to decide by, so the caller says which.
        invalid: the class for a value that MLflow rejects, the address of a database among them.

    Raises:
        ServerUnavailableError: an outage, see ``is_outage``.
        TrackingError: any other error of MLflow. A ``TrackingError`` from inside, and what has
            nothing to do with MLflow, passes through unchanged.

    >>> from trackfix.tracking import RunNotFoundError, create_mlflow_client, mlflow_errors
    >>> with mlflow_errors("reading run 1a2b", missing=RunNotFoundError):
    ...     create_mlflow_client().get_run("1a2b")
    Traceback (most recent call last):
    trackfix.tracking.errors.RunNotFoundError: reading run 1a2b failed: ...
    """
    outer = sys.exc_info()[1]
    try:
        yield
    except TrackingError:
        raise
    except Exception as error:
        code = error_code(error)
        if is_outage(error, since=outer):
            kind: type[TrackingError] = ServerUnavailableError
        elif code is None and not _is_a(error, "sqlalchemy.exc", "SQLAlchemyError"):
            raise
        elif code in ("RESOURCE_DOES_NOT_EXIST", "NOT_FOUND"):
            kind = missing
        elif code == "INVALID_PARAMETER_VALUE" or _is_a(error, "sqlalchemy.exc", "ArgumentError"):
            kind = invalid
        else:
            kind = TrackingError
        raise kind(f"{doing} failed: {redacted(str(error))}") from error


def error_code(error: BaseException | None) -> str | None:
    """MLflow's name for what went wrong, as in "RESOURCE_DOES_NOT_EXIST"; None for other errors.

    >>> from trackfix.tracking.errors import error_code
    >>> from mlflow.exceptions import MlflowException
    >>> error_code(MlflowException("which code?")), error_code(ValueError("not of MLflow"))
    ('INTERNAL_ERROR', None)
    """
    if _is_a(error, "mlflow.exceptions", "MlflowException"):
        return str(getattr(error, "error_code", "INTERNAL_ERROR"))
    return None


def is_outage(error: BaseException, *, since: BaseException | None = None) -> bool:
    """Whether this says that the server or the database didn't answer, or asks to come again.

    An MlflowException is one by its code, or, with the code INTERNAL_ERROR, by the connection error
    that it came from: MLflow raises it without ``from``, so that error is in ``__context__``
    (``http_request`` in ``mlflow/utils/rest_utils.py``).

    Args:
        since: an exception that was being handled before the call; it and what it came from
            don't count, although Python hangs them on as context.

    >>> from trackfix.tracking.errors import is_outage
    >>> is_outage(ConnectionRefusedError()), is_outage(ValueError("connection refused"))
    (True, False)
    """
    code = error_code(error)
    if code is None:
        return _is_a_connection_error(error)
    if code != "INTERNAL_ERROR":
        return code in _OUTAGE_CODES
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and link is not since and id(link) not in seen:
        if _is_a_connection_error(link):
            return True
        seen.add(id(link))
        link = link.__cause__ or link.__context__
    return False


def redacted(text: str) -> str:
    """The text without the credentials of URLs in it, and without what is called a password.

    >>> from trackfix.tracking.errors import redacted
    >>> redacted("no answer from https://me:secret@example.org/mlflow")
    'no answer from https://example.org/mlflow'
    >>> redacted("mssql+pyodbc:///?odbc_connect=Server%3Dhost%3BPWD%3Dsecret%3BEncrypt%3Dyes")
    'mssql+pyodbc:///?odbc_connect=Server%3Dhost%3BPWD%3D***%3BEncrypt%3Dyes'
    """
    return _PASSWORD.sub(r"\1***", _CREDENTIALS.sub(r"\1://", text))


# SQLAlchemy takes a slash in the password of a database, which ends the host of other URLs.
_CREDENTIALS = re.compile(
    r"((?:postgresql|mysql|mssql)(?:\+\w+)?)://[^:/\s]*:(?:[^/\s]*|[^@\s]*)@|://[^/\s]*@"
)
# In a query, or in a list of settings as ODBC has it, percent-encoded or not.
_PASSWORD = re.compile(r"((?:password|passwd|pwd)(?:=|%3D))(?:(?!%3B)[^&;\s'\"])+", re.IGNORECASE)


_OUTAGE_CODES = {
    "DEADLINE_EXCEEDED",
    "REQUEST_LIMIT_EXCEEDED",
    "RESOURCE_EXHAUSTED",
    "TEMPORARILY_UNAVAILABLE",
}


def _is_a_connection_error(error: BaseException) -> bool:
    return (
        isinstance(error, (ConnectionError, TimeoutError))
        or _is_a(error, "requests.exceptions", "ConnectionError", "Timeout", "RetryError")
        or _is_a(error, "sqlalchemy.exc", "OperationalError", "TimeoutError")
    )


def _is_a(error: BaseException | None, module: str, *names: str) -> bool:
    # An exception of a module that nobody has imported can't have been raised.
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, tuple(getattr(loaded, name) for name in names))
