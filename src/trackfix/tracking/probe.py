"""Whether a tracking store answers, found out in seconds.

MLflow tries a dead server again seven times, with growing pauses and for 247 seconds together, and
a dead database ten times, for 102 seconds. That is right in the middle of a training, and wrong at
the start of one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from trackfix.tracking import azureml
from trackfix.tracking.errors import (
    ConfigError,
    ServerUnavailableError,
    mlflow_errors,
    redacted,
)
from trackfix.tracking.retry import retry_with_backoff
from trackfix.tracking.sqlite_layout import database_file


def probe_store(tracking_uri: str, wait: float) -> None:
    """Return when the store answers; file stores and stores of plugins are taken to do so.

    Any answer of the server will do, also one that asks for a password: what it means is for MLflow
    to say. That of a gateway before it, which says that it gets none, is no answer.

    Args:
        wait: seconds to go on trying.

    Raises:
        ServerUnavailableError: no answer within that time.
        ConfigError: no address; an SQLite database that can be neither opened nor made; a database
            without its driver; or an Azure ML address without the plugin that MLflow needs for it.

    >>> from trackfix.tracking.probe import probe_store
    >>> probe_store("http://localhost:9", wait=0)
    Traceback (most recent call last):
    trackfix.tracking.errors.ServerUnavailableError: reaching http://localhost:9 failed: ...
    """
    scheme = urlsplit(tracking_uri).scheme.partition("+")[0]
    if azureml.is_azureml(tracking_uri):
        azureml.require_plugin()
    elif file := database_file(tracking_uri):
        _require_openable(file)
    elif probe := _PROBES.get(scheme):
        with mlflow_errors(f"reaching {redacted(tracking_uri)}"):
            retry_with_backoff(
                lambda: probe(tracking_uri, max(wait, 1.0)),
                max_retries=sys.maxsize,
                base_delay=0.2,
                max_delay=1.0,
                deadline=wait,
            )


def _require_openable(file: Path) -> None:
    import sqlite3

    if not file.exists():
        if file.parent.exists() and not os.access(file.parent, os.W_OK):
            raise ConfigError(f"there is no {file}, and its folder can't be written")
        return  # it is made when it is first used
    try:
        sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True).close()
    except sqlite3.OperationalError as error:
        raise ConfigError(f"{file} can't be opened as an SQLite database: {error}") from error


def _ask_server(uri: str, timeout: float) -> None:
    import requests

    try:
        answer = requests.get(uri, timeout=timeout, allow_redirects=False, stream=True)
    except requests.exceptions.SSLError:
        return  # it answered, and MLflow has its own settings for certificates
    except requests.exceptions.InvalidURL as error:
        raise ConfigError(f"{redacted(uri)} is no address: {error}") from error
    answer.close()
    if answer.status_code in _NOBODY_BEHIND_THE_GATEWAY:
        raise ServerUnavailableError(
            f"reaching {redacted(uri)} failed: {answer.status_code} {answer.reason}"
        )


def _ask_database(uri: str, timeout: float) -> None:
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(uri, poolclass=sqlalchemy.pool.NullPool)
    except (ImportError, sqlalchemy.exc.ArgumentError) as error:
        raise ConfigError(f"{redacted(uri)} can't be opened: {error}") from error
    with engine.connect():
        return


_NOBODY_BEHIND_THE_GATEWAY = {502, 503, 504}

_PROBES = {"http": _ask_server, "https": _ask_server} | dict.fromkeys(
    ("postgresql", "mysql", "mssql"), _ask_database
)
