"""Opening an SQLite store while other processes do so for the first time.

MLflow lays out a new database when it is first opened, in some fifty steps and without a lock: of
sixteen processes that open one at once, fifteen fail with errors such as "duplicate column name"
(seen with 3.17.2). So one of them does it, and the others wait.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trackfix.tracking.errors import ConfigError

_SECONDS_TO_LAY_OUT = 120.0
# What this process has opened before: MLflow keeps its store, and the lock isn't needed again.
_opened: set[str] = set()


@contextmanager
def sqlite_layout_lock(tracking_uri: str) -> Iterator[None]:
    """Hold the lock ``<database>.lock`` during the block, the first time that this process opens
    this SQLite database; otherwise just run the block.

    Raises:
        ConfigError: the folder for the database can't be created.
        TimeoutError: another process has held the lock for two minutes.

    >>> from pathlib import Path
    >>> from trackfix.tracking.sqlite_layout import sqlite_layout_lock
    >>> with sqlite_layout_lock("sqlite:///new/mlflow.db"):
    ...     Path("new/mlflow.db.lock").exists()
    True
    """
    path = database_file(tracking_uri)
    if path is None or tracking_uri in _opened:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"the folder of {tracking_uri} can't be created: {error}") from error
    if not os.access(path.parent, os.W_OK):
        yield  # where nothing can be written, nobody lays out a database
        return

    from filelock import FileLock

    with FileLock(f"{path}.lock", timeout=_SECONDS_TO_LAY_OUT):
        yield
    _opened.add(tracking_uri)


def database_file(tracking_uri: str) -> Path | None:
    """The file of an SQLite store; None for other stores, in memory, and addressed as ``file:``.

    >>> from trackfix.tracking.sqlite_layout import database_file
    >>> database_file("sqlite:////data/mlflow.db?timeout=60").as_posix()
    '/data/mlflow.db'
    """
    scheme, _, location = tracking_uri.partition(":///")
    path = Path(location.partition("?")[0])
    is_file = path.name not in ("", ":memory:") and not location.startswith("file:")
    return path if is_file and scheme.partition("+")[0] == "sqlite" else None
